// 表格旁边的东西：边填边体检；与上年的表对照、复制。没有这个文件各有自己的按钮。
"use strict";
(() => {
  const form = document.getElementById("content");
  if (!form || !form.grid) return;
  const desk = form.desk, grid = form.grid, AFTER = 900; // milliseconds after the last keystroke
  let timer = 0, asking = null, asked = "";

  const sent = (act) => {
    const body = new FormData(form);
    body.set("act", act);
    body.set("part", "1");
    return body;
  };
  const content = () => JSON.stringify(desk.read().content);
  async function ask(act, signal) {
    const answer = await fetch(location.pathname, { method: "POST", body: sent(act), headers: { Accept: "text/html" }, signal });
    if (answer.redirected || !answer.ok) return { status: answer.redirected ? 401 : answer.status, page: null };
    return { status: 200, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
  }

  // ── the check-up ────────────────────────────────────────────────────────────────────────────
  function tell(words) {
    const state = document.getElementById("checkup-state");
    if (state && state.textContent !== words) state.textContent = words;
  }
  function later() {
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
    timer = setTimeout(examine, AFTER);
  }
  async function examine() {
    const now = content();
    if (now === asked) return;
    const own = (asking = new AbortController());
    tell("正在体检…");
    try {
      const { places } = desk.read(), { status, page } = await ask("examine", own.signal);
      if (asking !== own) return;
      if (page && page.getElementById("marks")) {
        show(page, places);
        asked = now;
        tell(`按您填写的更新于 ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false })}`);
      } else if (status === 400) tell("有的内容还不能使用，改正标红处之后再体检");
      else tell("暂时不能体检，稍后再试");
    } catch {
      if (asking === own) tell("网络中断，没有更新");
    }
    if (asking === own) asking = null;
  }
  // The list and the marks are exchanged; the fields are not touched. Places are counted without
  // the blank rows, as the server reads them.
  function show(page, places) {
    const list = document.getElementById("checkup"), fresh = page.getElementById("checkup");
    if (list && fresh) {
      const open = new Map([...list.querySelectorAll(".found-group")].map((one) => [one.id, one.open]));
      fresh.querySelectorAll(".found-group").forEach((one) => { if (open.has(one.id)) one.open = open.get(one.id); });
      fresh.querySelectorAll("li[data-at]").forEach((one) => {
        const field = places.get(one.dataset.at), link = one.querySelector(".to-cell");
        if (field && link) link.setAttribute("href", `#${field.id}`);
      });
      const held = list.contains(document.activeElement) ? document.activeElement.closest("[id]").id : "";
      list.replaceWith(document.importNode(fresh, true));
      const again = held && document.getElementById(held);
      if (again) (again.querySelector("a, summary") || again).focus();
    }
    const counts = document.getElementById("found-counts"), now = page.getElementById("found-counts");
    if (counts && now) counts.replaceChildren(...document.importNode(now, true).childNodes);
    form.querySelectorAll(".found").forEach((one) => one.remove());
    page.querySelectorAll("#marks > [data-at]").forEach((one) => {
      const field = places.get(one.dataset.at);
      if (!field) return;
      const row = field.closest("[data-of=indicators]"), mark = document.importNode(one.firstElementChild, true);
      if (row) row.querySelector(".marks").append(mark, " ");
      else field.parentNode.append(mark);
    });
  }
  form.addEventListener("desk:changed", later);
  window.addEventListener("online", later);

  // ── the year before ─────────────────────────────────────────────────────────────────────────
  function fold() {
    const shown = document.getElementById("earlier");
    if (shown) shown.remove();
    return shown !== null;
  }
  async function compare() {
    if (fold()) return;
    try {
      const { page } = await ask("earlier"), found = page && page.getElementById("earlier");
      if (!found) return desk.say("现在不能取上年的表，请稍后再试", "bad");
      document.querySelector("[data-grid]").after(document.importNode(found, true));
      open();
    } catch {
      desk.say("网络中断，没有取到上年的表", "bad");
    }
    return null;
  }
  function open() {
    const shown = document.getElementById("earlier");
    shown.querySelector("[data-fold]").hidden = false;
    shown.scrollIntoView({ block: "nearest" });
    shown.focus();
  }
  function copy(buttons) {
    if (!buttons.length) return;
    desk.before();
    const rows = grid.rows(), last = rows[rows.length - 1], spare = grid.isBlank(last) ? [last] : [];
    const missing = buttons.length - spare.length;
    const into = missing > 0 ? [...spare, ...desk.addRows(grid.LIST, missing)] : spare;
    buttons.forEach((button, n) => {
      for (const [name, value] of Object.entries(JSON.parse(button.dataset.copied))) {
        into[n].querySelector(`[name$=".${name}"]`).value = value;
      }
    });
    desk.fitAll(grid.table);
    desk.changed();
    const words = `从上年的表复制了 ${buttons.length} 个指标，添在第 ${into[0].dataset.number} 行起`;
    grid.say(words);
    desk.say(words);
  }
  form.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    const { earlier, copied, copyAll } = pressed.dataset;
    if (earlier === undefined && copied === undefined && copyAll === undefined && !("fold" in pressed.dataset)) return;
    event.preventDefault();
    if (copied !== undefined) copy([pressed]);
    else if (copyAll !== undefined) copy([...document.querySelectorAll("#earlier [data-copied]")]);
    else if ("fold" in pressed.dataset) fold();
    else compare();
  });
  if (document.getElementById("earlier")) open();
})();
