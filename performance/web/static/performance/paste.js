// 从 Excel、Word 粘贴一块到指标表：合并的单元格拆开，行不够就加。没有这个文件只能一格一格粘贴。
"use strict";
(() => {
  const form = document.getElementById("content");
  if (!form || !form.grid) return;
  const desk = form.desk, grid = form.grid, { COLUMNS, LIST } = grid;
  const LEVELS = 2; // the columns that are merged on paper
  const HEADINGS = [...grid.table.querySelectorAll("thead th")].slice(1).map((one) => one.textContent.trim());

  // ── from a table ────────────────────────────────────────────────────────────────────────────
  function textOf(cell) {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("style, script").forEach((one) => one.remove());
    // Line breaks of the source are no breaks of the text; those of the document are.
    const walker = copy.ownerDocument.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replace(/[ \t]*[\r\n]+[ \t]*/g, "").replaceAll("\u00a0", " ");
    copy.querySelectorAll("br").forEach((one) => one.replaceWith("\n"));
    copy.querySelectorAll("p, div, li").forEach((one) => one.append("\n"));
    return copy.textContent.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
  }
  // A merged cell stands in every row it spans; across columns only in the first.
  function fromTable(table) {
    const found = [];
    [...table.rows].forEach((row, n) => {
      const line = (found[n] = found[n] || []);
      let at = 0;
      [...row.cells].forEach((cell) => {
        while (line[at] !== undefined) at += 1;
        const text = textOf(cell), deep = cell.rowSpan || table.rows.length - n;
        for (let down = 0; down < deep && n + down < table.rows.length; down += 1) {
          const own = (found[n + down] = found[n + down] || []);
          for (let right = 0; right < cell.colSpan; right += 1) own[at + right] = right ? "" : text;
        }
        at += cell.colSpan;
      });
    });
    return found.map((line) => Array.from(line, (text) => text ?? ""));
  }

  // ── from text with tabs; cells with line breaks or quotes stand in quotes ───────────────────
  function fromText(text) {
    const found = [[]];
    let cell = "", quoted = false;
    const end = () => {
      found[found.length - 1].push(cell.trim());
      cell = "";
    };
    const all = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replace(/\n$/, "");
    for (let n = 0; n < all.length; n += 1) {
      const sign = all[n];
      if (quoted && sign === '"' && all[n + 1] === '"') {
        cell += '"';
        n += 1;
      } else if (sign === '"' && (quoted || cell === "")) quoted = !quoted;
      else if (sign === "\t" && !quoted) end();
      else if (sign === "\n" && !quoted) {
        end();
        found.push([]);
      } else cell += sign;
    }
    end();
    return found;
  }

  // ── into the grid ───────────────────────────────────────────────────────────────────────────
  // A line of headings tells which column is which; without one they follow from the cell on.
  function columnsOf(lines, from) {
    const width = Math.max(...lines.map((line) => line.length));
    const named = lines[0].map((text) => HEADINGS.findIndex((heading) => text.replace(/\s/g, "").includes(heading)));
    if (named.filter((column) => column >= 0).length >= 2) return { columns: named, lines: lines.slice(1) };
    return { columns: Array.from({ length: width }, (_, n) => (from + n < COLUMNS.length ? from + n : -1)), lines };
  }
  // A blank level beside a written row is the merged cell of the rows above.
  function filled(lines, columns) {
    const above = [];
    return lines.map((line) => {
      const own = [...line], written = line.some((text, n) => text && columns[n] >= LEVELS);
      let carries = written;
      columns.forEach((column, n) => {
        if (column < 0 || column >= LEVELS) return;
        if (own[n]) carries = false;
        else if (carries && above[column]) own[n] = above[column];
        if (own[n] !== above[column] && column === 0) above[1] = "";
        above[column] = own[n] || above[column];
      });
      return own;
    });
  }

  function put(place, given) {
    const { columns, lines: all } = columnsOf(given, place.column);
    const lines = filled(all, columns).filter((line) => line.some(Boolean));
    if (!lines.length) return;
    desk.before();
    const first = grid.numberOf(place.row), missing = first + lines.length - grid.rows().length;
    if (missing > 0) desk.addRows(LIST, missing);
    const rows = grid.rows().slice(first, first + lines.length);
    rows.forEach((row, n) => columns.forEach((column, at) => {
      if (column >= 0 && lines[n][at] !== undefined) grid.fieldOf(row, column).value = lines[n][at];
    }));
    desk.fitAll(grid.table);
    desk.changed();
    const used = columns.filter((column) => column >= 0), left = columns.length - used.length;
    grid.go(place.row, place.column);
    grid.choose({ row: rows[0], column: Math.min(...used) }, { row: rows[rows.length - 1], column: Math.max(...used) });
    const words = `粘贴了 ${lines.length} 行 × ${used.length} 列${left ? `；另有 ${left} 列不是这张表的，没有粘贴` : ""}。Ctrl+Z 可以撤销`;
    grid.say(words);
    desk.say(words);
  }

  form.addEventListener("paste", (event) => {
    const place = grid.placeOf(event.target);
    if (!place) return;
    const html = event.clipboardData.getData("text/html"), text = event.clipboardData.getData("text/plain");
    const table = html.includes("<t") ? new DOMParser().parseFromString(html, "text/html").querySelector("table") : null;
    const whole = !grid.isEditing() || event.target.value === "";
    let lines = null;
    if (table) lines = fromTable(table);
    else if (text.includes("\t") || (whole && /\n./.test(text.trimEnd()))) lines = fromText(text);
    if (!lines || (lines.length === 1 && lines[0].length === 1)) return; // one text: into the text
    event.preventDefault();
    put(place, lines);
  });
})();
