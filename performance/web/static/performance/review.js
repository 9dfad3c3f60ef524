// 复核表：j、k 在行间移动，e 调整，a 采用按规则得分，Ctrl+Enter 写下，Esc 收起；写下之后回到下一行。
// 没有这个文件页面也能用。
"use strict";
(() => {
  const sheet = document.querySelector("table.review");
  if (!sheet) return;
  const rows = [...sheet.querySelectorAll("tbody tr")];
  const place = `jiheng/review${location.pathname}`;
  const handle = (row) => row.querySelector("summary, button, a");
  const typing = (one) => one.closest("textarea, select, input");
  const here = () => rows.findIndex((row) => row.contains(document.activeElement));

  function goTo(at, step) {
    for (let n = at; n >= 0 && n < rows.length; n += step) {
      const found = handle(rows[n]);
      if (!found) continue;
      found.focus();
      rows[n].scrollIntoView({ block: "nearest" });
      return;
    }
  }
  // The page comes back after each line; the next one is where the reviewer goes on.
  // A button of a row may belong to a form below the table.
  document.addEventListener("submit", (event) => {
    const at = rows.findIndex((row) => row.contains(event.submitter || event.target));
    if (at >= 0) sessionStorage.setItem(place, String(at));
  });
  function goOn() {
    const left = sessionStorage.getItem(place);
    if (left === null) return;
    sessionStorage.removeItem(place);
    const refused = sheet.querySelector("tbody [aria-invalid]");
    if (refused) refused.focus();
    else goTo(Math.min(Number(left) + 1, rows.length - 1), 1);
  }
  // After loading: going to the address's #review takes the focus away.
  window.addEventListener("load", () => setTimeout(goOn));

  document.addEventListener("keydown", (event) => {
    const at = here();
    if (event.key === "Enter" && event.ctrlKey && at >= 0) {
      const form = event.target.closest(".line-form");
      if (!form) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[type=submit]"));
      return;
    }
    if (event.key === "Escape" && at >= 0) {
      const more = event.target.closest("details[open]");
      if (!more) return;
      more.open = false;
      more.querySelector("summary").focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const step = { j: 1, k: -1 }[event.key];
    if (step) {
      event.preventDefault();
      goTo(at < 0 ? 0 : at + step, step);
    } else if (at >= 0 && event.key === "e") {
      const more = rows[at].querySelector("details");
      if (!more) return;
      event.preventDefault();
      more.open = true;
      more.querySelector("select, input:not([type=hidden]), textarea").focus();
    } else if (at >= 0 && event.key === "a") {
      const adopt = rows[at].querySelector("button[value^='adopt:']");
      if (adopt) adopt.click();
    }
  });
})();
