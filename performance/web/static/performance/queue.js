// 审核队列：j、k 或上下键在行间移动，Enter 打开，x 选中，o 展开原因；全选本页。没有这个文件页面也能用。
"use strict";
(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  const boxes = rows.map((row) => row.querySelector("input[name=row]")).filter(Boolean);
  const all = document.getElementById("take-all"), taken = document.getElementById("taken");

  function settle() {
    if (!all) return;
    const count = boxes.filter((box) => box.checked).length;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
    taken.textContent = count ? `（已选 ${count} 张）` : "";
  }
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); settle(); });
    boxes.forEach((box) => box.addEventListener("change", settle));
    settle();
  }

  const typing = (one) => one.closest("textarea, select, input:not([type=checkbox])");
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const at = here(), step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step && (event.key.length === 1 || at >= 0)) {
      const next = rows[at < 0 ? 0 : at + step];
      if (!next) return;
      event.preventDefault();
      const link = next.querySelector("th a");
      link.focus();
      next.scrollIntoView({ block: "nearest" });
    } else if (at >= 0 && event.key === "x") {
      const box = rows[at].querySelector("input[name=row]");
      if (box) box.click();
    } else if (at >= 0 && event.key === "o") {
      const more = rows[at].querySelector("details");
      if (more) more.open = !more.open;
    }
  });
})();
