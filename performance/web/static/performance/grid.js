// 指标表像电子表格一样填：方向键、回车、Tab 换格，选一块，复制、插入、移动行，拖动排序。
// 读、存、加行删行在 desk.js，撤销在 history.js，粘贴在 paste.js。没有这个文件页面也能用。
"use strict";
(() => {
  const form = document.getElementById("content");
  const section = document.querySelector("[data-grid]");
  if (!form || !form.desk || !section) return;
  const desk = form.desk, LIST = "indicators", COLUMNS = ["level1", "level2", "name", "target", "points"];
  const help = document.getElementById("keys");
  const table = section.querySelector("table");
  let editing = false, entered = "", pointed = false, anchor = null, head = null, painted = [], drawing = 0;

  // ── places ──────────────────────────────────────────────────────────────────────────────────
  const rows = () => desk.rowsOf(LIST);
  const fieldOf = (row, column) => row.querySelector(`[name$=".${COLUMNS[column]}"]`);
  function placeOf(field) {
    const row = field && field.name ? field.closest(`[data-of="${LIST}"]`) : null;
    const column = row ? COLUMNS.indexOf(field.name.split(".")[2]) : -1;
    return column < 0 ? null : { row, column };
  }
  const numberOf = (row) => Number(row.dataset.number) - 1;
  const isBlank = (row) => [...row.querySelectorAll("[name]")].every((one) => one.type === "submit" || one.type === "button" || !one.value.trim());

  function go(row, column) {
    const field = row && fieldOf(row, column);
    if (!field) return;
    field.focus();
    if (field.select) field.select();
  }
  function step(place, down, right) {
    const all = rows(), row = all[numberOf(place.row) + down], column = place.column + right;
    if (row && column >= 0 && column < COLUMNS.length) go(row, column);
    else if (right > 0 && column === COLUMNS.length) place.row.querySelector(".row-tools button").focus();
  }
  function enter(place, up) {
    const last = rows().length - 1;
    if (!up && numberOf(place.row) === last) {
      if (isBlank(place.row)) return;
      desk.before();
      desk.addRows(LIST, 1);
      desk.changed();
    }
    step(place, up ? -1 : 1, 0);
  }
  function tab(place, back) {
    const all = rows(), at = numberOf(place.row) * COLUMNS.length + place.column + (back ? -1 : 1);
    const row = all[Math.floor(at / COLUMNS.length)];
    if (at < 0 || !row) return false; // out of the table, as everywhere on the page
    go(row, at % COLUMNS.length);
    return true;
  }

  // ── a block of cells ────────────────────────────────────────────────────────────────────────
  function block() {
    if (!anchor || !head) return null;
    const [a, b] = [numberOf(anchor.row), numberOf(head.row)], [c, d] = [anchor.column, head.column];
    return { top: Math.min(a, b), bottom: Math.max(a, b), left: Math.min(c, d), right: Math.max(c, d) };
  }
  const isWide = (one) => one !== null && (one.top !== one.bottom || one.left !== one.right);
  function cells(one) {
    return rows().slice(one.top, one.bottom + 1).map((row) => COLUMNS.slice(one.left, one.right + 1).map((_, n) => fieldOf(row, one.left + n)));
  }
  function paint() {
    painted.forEach((cell) => cell.classList.remove("chosen"));
    const one = block();
    painted = isWide(one) ? cells(one).flat().map((field) => field.closest("td")) : [];
    painted.forEach((cell) => cell.classList.add("chosen"));
  }
  function choose(from, to) {
    anchor = from;
    head = to;
    paint();
  }
  function extend(down, right) {
    const all = rows(), row = all[numberOf(head.row) + down], column = head.column + right;
    if (!row || column < 0 || column >= COLUMNS.length) return;
    choose(anchor, { row, column });
    fieldOf(row, column).scrollIntoView({ block: "nearest" });
  }
  function wipe() {
    desk.before();
    cells(block()).flat().forEach((field) => { field.value = ""; });
    desk.fitAll(table);
    desk.changed();
  }
  function toClipboard(event) {
    const one = block();
    if (!placeOf(event.target) || !isWide(one)) return false;
    const texts = cells(one).map((line) => line.map((field) => field.value));
    const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const made = document.createElement("table");
    texts.forEach((line) => {
      const row = made.insertRow();
      line.forEach((text) => { row.insertCell().textContent = text; });
    });
    event.preventDefault();
    event.clipboardData.setData("text/plain", texts.map((line) => line.map(quoted).join("\t")).join("\r\n"));
    event.clipboardData.setData("text/html", made.outerHTML);
    return true;
  }

  // ── rows ────────────────────────────────────────────────────────────────────────────────────
  function insert(row, values = null) {
    desk.before();
    const [made] = desk.addRows(LIST, 1, row);
    if (values) made.querySelectorAll("input, textarea").forEach((field, n) => { field.value = values[n]; });
    desk.fitAll(made);
    desk.changed();
    go(made, 0);
  }
  const copy = (row) => insert(row, [...row.querySelectorAll("input, textarea")].map((field) => field.value));
  function put(row, before, other) {
    const held = document.activeElement;
    desk.before();
    if (before) other.before(row);
    else other.after(row);
    desk.renumber(LIST);
    desk.changed();
    if (row.contains(held)) held.focus();
    say(`已移到第 ${row.dataset.number} 行`);
  }
  function shift(row, down) {
    const other = rows()[numberOf(row) + (down ? 1 : -1)];
    if (other) put(row, !down, other);
  }
  const ACTS = { up: (row) => shift(row, false), down: (row) => shift(row, true), copy, insert: (row) => insert(row) };
  const TOOLS = [["up", "↑", "上移"], ["down", "↓", "下移"], ["copy", "复制", "复制这一行"], ["insert", "插入", "在下面插入一行"]];
  function equip(row) {
    const tools = row.querySelector(".row-tools"), number = row.dataset.number;
    for (const [act, words, long] of [...TOOLS].reverse()) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "quiet";
      made.dataset.rowAct = act;
      made.textContent = words;
      made.setAttribute("aria-label", `${words.length > 1 ? words : long}：${long} 第${number}行`);
      made.title = long;
      tools.prepend(made);
    }
    const handle = row.querySelector(".row-number");
    handle.draggable = true;
    handle.title = "拖动，移动这一行";
  }

  // ── dragging ────────────────────────────────────────────────────────────────────────────────
  let dragged = null, target = null;
  function aim(row, before) {
    if (target) target.row.classList.remove("drop-before", "drop-after");
    target = row ? { row, before } : null;
    if (row) row.classList.add(before ? "drop-before" : "drop-after");
  }
  table.addEventListener("dragstart", (event) => {
    const handle = event.target.closest ? event.target.closest(".row-number") : null;
    if (!handle) return;
    dragged = handle.closest("[data-row]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.number);
    event.dataTransfer.setDragImage(dragged.rows[0], 20, 12);
  });
  table.addEventListener("dragover", (event) => {
    const row = dragged && event.target.closest("[data-row]");
    if (!row) return;
    event.preventDefault();
    const at = row.getBoundingClientRect();
    aim(row, event.clientY < at.top + at.height / 2);
  });
  table.addEventListener("drop", (event) => {
    if (!dragged || !target) return;
    event.preventDefault();
    if (target.row !== dragged) put(dragged, target.before, target.row);
  });
  table.addEventListener("dragend", () => {
    aim(null);
    dragged = null;
  });

  // ── what is shown along ─────────────────────────────────────────────────────────────────────
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  section.append(said);
  function say(words) { said.textContent = words; }
  function draw() {
    drawing = 0;
    const all = rows();
    let above = ["", ""];
    all.forEach((row) => {
      watch(row);
      const own = [0, 1].map((column) => fieldOf(row, column));
      const texts = own.map((field) => field.value.trim());
      const first = texts[0] !== "" && texts[0] === above[0];
      own[0].parentNode.classList.toggle("same", first);
      own[1].parentNode.classList.toggle("same", first && texts[1] !== "" && texts[1] === above[1]);
      above = texts;
    });
    table.classList.toggle("lengthy", all.length > NEAR);
    const title = `绩效指标（${all.length}）`, shown = document.getElementById("h-indicators");
    if (shown.textContent !== title) shown.textContent = title;
  }
  let typed = null;
  form.addEventListener("input", (event) => { typed = placeOf(event.target); }, true);
  form.addEventListener("desk:changed", () => {
    const aside = typed && typed.column > 1; // typing there changes no level and no row
    typed = null;
    if (!aside && !drawing) drawing = requestAnimationFrame(draw);
  });

  // ── keys and pointer ────────────────────────────────────────────────────────────────────────
  form.addEventListener("mousedown", (event) => {
    const place = placeOf(event.target);
    pointed = place !== null;
    if (!place) return;
    if (event.shiftKey && anchor && placeOf(document.activeElement)) {
      event.preventDefault();
      choose(anchor, place);
      return;
    }
    editing = event.target.value !== "";
  });
  form.addEventListener("focusin", (event) => {
    const place = placeOf(event.target);
    if (!pointed) editing = false;
    pointed = false;
    entered = place ? event.target.value : "";
    choose(place, place);
  });
  form.addEventListener("beforeinput", (event) => {
    if (!placeOf(event.target)) return;
    editing = true;
    if (isWide(block())) choose(placeOf(event.target), placeOf(event.target));
  });

  function leaves(event, field) {
    // Whether an arrow leaves the cell; within a text that is being edited it moves the caret first.
    if (!editing) return true;
    const { selectionStart: start, selectionEnd: end, value } = field;
    if (event.key === "ArrowLeft") return start === 0 && end === 0;
    if (event.key === "ArrowRight") return start === value.length && end === value.length;
    if (field.list) return false; // the browser's own list of suggestions
    if (field.tagName === "INPUT" || field.clientHeight < 44) return true;
    return event.key === "ArrowUp" ? end === 0 : start === value.length;
  }
  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    const field = event.target, place = placeOf(field), row = field.closest(`[data-of="${LIST}"]`);
    const control = event.ctrlKey || event.metaKey, arrow = ARROWS[event.key];
    let used = true;
    if (row && event.altKey && !control && arrow && arrow[0]) shift(row, arrow[0] > 0);
    else if (row && control && event.key.toLowerCase() === "d") copy(row);
    else if (row && control && event.key === "Enter") insert(row);
    else if (!place || control) used = false;
    else if (event.key === "F2") {
      editing = true;
      field.setSelectionRange(field.value.length, field.value.length);
    } else if (event.key === "Escape") {
      used = editing || isWide(block());
      if (editing && field.value !== entered) {
        field.value = entered;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      editing = false;
      choose(place, place);
      field.select();
    } else if (event.key === "Enter" && event.altKey) {
      if (field.tagName === "TEXTAREA") {
        field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    } else if (event.key === "Enter") enter(place, event.shiftKey);
    else if (event.key === "Tab") used = tab(place, event.shiftKey);
    else if (arrow && event.shiftKey && !editing) extend(...arrow);
    else if (arrow && !event.altKey && !event.shiftKey && leaves(event, field)) step(place, ...arrow);
    else if ((event.key === "Delete" || event.key === "Backspace") && isWide(block())) wipe();
    else if ((event.key === "?" || event.key === "？") && !editing) toggleHelp();
    else used = false;
    if (used) event.preventDefault();
  });
  section.addEventListener("keydown", (event) => {
    const tool = event.target.closest(".row-tools button"), arrow = ARROWS[event.key];
    if (!tool || !arrow || event.altKey) return;
    const row = tool.closest("[data-row]"), all = [...tool.parentNode.children], next = all[all.indexOf(tool) + arrow[1]];
    event.preventDefault();
    if (arrow[0]) step({ row, column: COLUMNS.length - 1 }, ...arrow);
    else if (next) next.focus();
    else if (arrow[1] < 0) go(row, COLUMNS.length - 1);
  });
  form.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-row-act]");
    if (pressed) ACTS[pressed.dataset.rowAct](pressed.closest("[data-row]"));
  });
  form.addEventListener("copy", toClipboard);
  form.addEventListener("cut", (event) => { if (toClipboard(event)) wipe(); });
  function toggleHelp() { help.open = !help.open; }
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !event.target.closest("input, textarea, select")) toggleHelp();
  });

  // ── only rows near the window are laid out and measured ─────────────────────────────────────
  const ROLES = { THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TH: "columnheader", TD: "cell" };
  const watched = new WeakSet(), NEAR = 40; // rows that are laid out in any case
  const watcher = new IntersectionObserver((seen) => seen.forEach(({ target: row, isIntersecting: near }) => {
    if (near === !("far" in row.dataset)) return;
    if (near) {
      delete row.dataset.far;
      desk.fitAll(row);
    } else row.dataset.far = "";
  }), { rootMargin: "600px 0px" });
  function watch(row) {
    if (watched.has(row)) return;
    watched.add(row);
    watcher.observe(row);
  }
  table.setAttribute("role", "table"); // a table that is laid out as blocks is one all the same
  table.querySelectorAll("thead, tbody, tr, th, td").forEach((one) => one.setAttribute("role", ROLES[one.tagName]));
  table.classList.add("live");

  rows().forEach(equip);
  rows().slice(NEAR).forEach((row) => { row.dataset.far = ""; });
  help.hidden = false;
  draw();
  form.grid = { COLUMNS, LIST, rows, placeOf, fieldOf, numberOf, isBlank, choose, go, say, table, isEditing: () => editing };
})();
