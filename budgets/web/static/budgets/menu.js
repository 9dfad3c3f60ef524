// “更多”菜单：Esc、点别处、焦点离开都收起；Esc 之后焦点回到“更多”。没有这个文件也能打开和收起。
"use strict";
(() => {
  for (const menu of document.querySelectorAll("details.nav-more")) {
    const button = menu.querySelector("summary");
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) button.focus();
    });
    document.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
  }
})();
