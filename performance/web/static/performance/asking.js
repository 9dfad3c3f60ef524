// 存疑：每格的小方框由同一个模板补在格子里，勾上的格才有写疑问的地方。
// 没有这个文件页面也能用：在“办理”里写行号，另有按钮。
"use strict";
(() => {
  const parts = document.getElementById("asked-parts");
  if (!parts) return;
  const mark = parts.content.querySelector(".mark"), note = mark.querySelector("textarea");
  note.remove();

  // Named by the number of the row and the head of the column, or the word before a folded cell.
  function offer(at, head, cell) {
    const made = mark.cloneNode(true), box = made.querySelector("input"), label = made.querySelector("label");
    box.value = at;
    box.id = label.htmlFor = `m-${at}`;
    label.querySelector(".visually-hidden").textContent = `：指标 第${at.split(".")[1]}行 ${head.textContent.trim()}`;
    cell.insertBefore(made, cell.querySelector(":scope > .found, :scope > small, :scope > .in-question"));
  }

  function write(box) {
    const place = box.parentElement;
    if (!box.checked || place.querySelector("textarea")) return;
    const made = note.cloneNode();
    made.name = `note.${box.value}`;
    made.setAttribute("aria-label", `${place.querySelector(".visually-hidden").textContent.slice(1)}的疑问`);
    place.append(made);
  }

  const free = (cell) => cell && !cell.querySelector(".mark");
  document.querySelectorAll(".awaits").forEach((table) => {
    const heads = [...table.tHead.rows[0].cells].filter((head) => head.dataset.name);
    for (const row of table.querySelectorAll("tbody > tr:not(.more)")) {
      const number = row.cells[0].textContent;
      for (const head of heads) {
        const cell = row.cells[head.cellIndex];
        if (free(cell)) offer(`${table.dataset.rows}.${number}.${head.dataset.name}`, head, cell);
      }
    }
    for (const kept of table.querySelectorAll("dd > span[id]")) {
      const cell = kept.parentElement;
      if (free(cell)) offer(kept.id.slice(2), cell.previousElementSibling, cell);
    }
    table.classList.remove("awaits");
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(".mark > input")) write(event.target);
  });
  // Enter in a box would press the first button of the form.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".mark > input")) return;
    event.preventDefault();
    event.target.click();
  });
})();
