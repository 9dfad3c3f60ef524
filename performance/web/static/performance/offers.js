// 复核表：每行的表单（调整、答复、决定）由同一个模板补在行里。没有这个文件页面也能用：表下按行号办理。
"use strict";
(() => {
  const parts = document.getElementById("offer-parts");
  if (!parts) return;
  const NAMED = ["id", "value", "aria-label"];
  const written = (where) => [...where.childNodes].map((one) => (one.nodeName === "BR" ? "\n" : one.data)).join("");

  function offer(cell) {
    const row = cell.parentElement, made = parts.content.cloneNode(true);
    const given = { seq: cell.dataset.offer, name: row.cells[0].firstChild.data.trim() };
    const filled = (text) => text.replace(/\{(seq|name)\}/, (_, which) => given[which]);
    for (const one of made.querySelectorAll("form, input, textarea, select, button, .visually-hidden")) {
      for (const name of NAMED) {
        if (one.hasAttribute(name)) one.setAttribute(name, filled(one.getAttribute(name)));
      }
      if (one.className === "visually-hidden") one.textContent = filled(one.textContent);
    }
    const code = row.querySelector("[data-code]"), form = made.querySelector(".line-form");
    if (code && form.id.startsWith("line-")) {
      made.querySelector("summary").firstChild.data = "再调整";
      form.elements.namedItem("reason_code").value = code.textContent;
      form.elements.namedItem("points").value = row.cells[4].textContent;
      form.elements.namedItem("reason").value = written(row.querySelector("[data-reason]"));
    }
    cell.append(made);
  }
  for (const cell of document.querySelectorAll(".review [data-offer]")) {
    if (!cell.firstElementChild) offer(cell);
  }
})();
