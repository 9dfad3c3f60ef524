// 填报表的每一行：页面里只有要填的格子，名称、编号和少用的部分（删去、依据、取数、理由、佐证等）由同一个模板补齐。
// 没有这个文件页面也能用，删行和填写少用的部分另有按钮。
"use strict";
(() => {
  const form = document.getElementById("content");
  if (!form) return;
  const rowParts = document.getElementById("row-parts"), lineParts = document.getElementById("line-parts");
  const progressParts = document.getElementById("progress-parts");
  const headOf = (field) => document.getElementById(field.getAttribute("aria-labelledby")).textContent.trim();

  const textAt = (cell) => (cell.firstChild && cell.firstChild.nodeType === Node.TEXT_NODE ? cell.firstChild.data.trim() : "");

  function name(field, at, words) {
    field.name = at;
    field.id = `f-${at}`;
    field.setAttribute("aria-label", words);
    field.removeAttribute("aria-labelledby");
    if (field.tagName === "TEXTAREA") field.rows = 1;
  }
  // What the page already has stays: it may be filled.
  function keep(within, made, parts) {
    for (const part of parts) {
      const own = within.querySelector(part), blank = made.querySelector(part);
      if (own) blank.replaceWith(own);
    }
  }

  // ── an indicator of a target table ──────────────────────────────────────────────────────────
  function indicator(row, number) {
    const [first, more] = row.rows, made = rowParts.content.cloneNode(true), at = `indicators.${number}`;
    row.dataset.row = "";
    first.cells[0].className = "num row-number";
    for (const field of first.querySelectorAll("[aria-labelledby]")) {
      name(field, field.name, `指标 第${number}行 ${headOf(field)}`);
      if (field.name.endsWith(".points")) field.inputMode = "decimal";
    }
    for (const field of made.querySelectorAll("textarea")) {
      name(field, `${at}.${field.name}`, `指标 第${number}行 ${field.closest("div").querySelector("dt").textContent}`);
    }
    made.querySelector("button").value = `remove:${at}`;
    made.querySelector(".visually-hidden").textContent = `：指标 第${number}行`;
    keep(more.cells[1], made, ["details", ".marks"]);
    more.cells[1].append(made);
  }

  // ── a line of a self-evaluation ─────────────────────────────────────────────────────────────
  function line(row) {
    const [first, more] = row.rows, made = lineParts.content.cloneNode(true), seq = row.dataset.line;
    const words = first.cells[2].textContent, computed = made.querySelector(".computed"), tried = first.cells[7];
    first.cells[0].className = "num row-number";
    for (const field of first.querySelectorAll("[aria-labelledby]")) {
      name(field, field.name, `指标 第${seq}行 ${headOf(field)}`);
      if (field.name.endsWith(".claimed")) field.inputMode = "decimal";
    }
    const take = computed.querySelector("button");
    take.value = `take:${seq}`;
    take.dataset.take = seq;
    take.disabled = !tried.querySelector("button");
    take.setAttribute("aria-label", `取按规则得分：${words}`);
    keep(tried, computed, ["[data-difference]"]);
    computed.querySelector("[data-computed]").textContent = textAt(tried) || "—";
    tried.className = "num tried";
    tried.replaceChildren(...computed.childNodes);
    computed.remove();
    const files = made.querySelector("[data-files]"), pick = made.querySelector(".drop button");
    files.dataset.files = seq;
    pick.dataset.pick = seq;
    pick.setAttribute("aria-label", `＋ 佐证：第 ${seq} 行 ${words}`);
    keep(more.cells[1], made, ["[data-due]", "[data-files]"]);
    made.querySelector("[data-why]").textContent = textAt(more.cells[1]) || "还没有试算";
    more.cells[1].replaceChildren(made);
  }

  // ── a line of a monitoring table ────────────────────────────────────────────────────────────
  function progress(row) {
    const [first, more] = row.rows, made = progressParts.content.cloneNode(true), seq = row.dataset.line;
    const said = first.cells[6].querySelector("small") || first.cells[6].appendChild(document.createElement("small"));
    first.cells[0].className = "num row-number";
    for (const field of first.querySelectorAll("[aria-labelledby]")) name(field, field.name, `指标 第${seq}行 ${headOf(field)}`);
    first.cells[5].firstElementChild.classList.add("light");
    said.dataset.likelihood = "";
    keep(more.cells[1], made, ["[data-due]"]);
    made.querySelector("[data-why]").textContent = textAt(more.cells[1]);
    more.cells[1].replaceChildren(made);
  }

  if (rowParts) form.querySelectorAll("[data-of=indicators]").forEach((row, index) => indicator(row, index + 1));
  if (lineParts) form.querySelectorAll(".lines [data-line]").forEach(line);
  if (progressParts) form.querySelectorAll(".lines [data-line]").forEach(progress);
  const asked = location.hash.startsWith("#f-") && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (asked) addEventListener("load", () => asked.scrollIntoView({ block: "center" }));
})();
