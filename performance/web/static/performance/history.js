// 撤销与重做：整张表单，包括粘贴、加行、删行、移动。没有这个文件页面也能用。
"use strict";
(() => {
  const form = document.getElementById("content");
  if (!form || !form.desk) return;
  const desk = form.desk, LISTS = desk.GROWING;
  const MOST = 100, PAUSE = 1000; // steps kept; milliseconds that end a stretch of typing
  const undone = [], done = [];
  let present = snapshot(), typing = false, timer = 0;

  // Rows are kept as themselves, so that what stands beside their fields moves with them.
  function snapshot() {
    return {
      rows: LISTS.map(desk.rowsOf),
      values: desk.fields().map((field) => [field, field.value]),
      focus: document.activeElement,
    };
  }
  function settle() {
    clearTimeout(timer);
    if (!typing) return;
    typing = false;
    present = snapshot();
  }
  function step() {
    done.push(present);
    if (done.length > MOST) done.shift();
    undone.length = 0;
  }

  function restore(state) {
    LISTS.forEach((list, n) => {
      const now = desk.rowsOf(list), rows = state.rows[n];
      if (!now.length || (now.length === rows.length && now.every((row, at) => row === rows[at]))) return;
      const parent = now[0].parentNode, behind = now[now.length - 1].nextSibling;
      now.filter((row) => !rows.includes(row)).forEach((row) => row.remove());
      rows.forEach((row) => parent.insertBefore(row, behind));
      desk.renumber(list);
    });
    const changed = state.values.filter(([field, value]) => field.value !== value);
    changed.forEach(([field, value]) => { field.value = value; });
    if (changed.length) desk.fitAll(form);
    const places = [changed.length ? changed[0][0] : state.focus, state.rows[2][0].querySelector("input")];
    places.find((one) => one && form.contains(one)).focus();
    desk.changed();
    present = snapshot();
  }
  function back(from, to) {
    settle();
    const state = from.pop();
    if (!state) return;
    to.push(present);
    restore(state);
  }

  form.addEventListener("desk:before", () => {
    settle();
    step();
  });
  form.addEventListener("desk:changed", () => { if (!typing) present = snapshot(); });
  form.addEventListener("input", () => {
    if (!typing) step();
    typing = true;
    clearTimeout(timer);
    timer = setTimeout(settle, PAUSE);
  }, true);
  form.addEventListener("focusin", settle);
  document.addEventListener("keydown", (event) => {
    if (event.target !== document.body && !form.contains(event.target)) return;
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) back(undone, done);
    else back(done, undone);
  });
  form.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return;
    event.preventDefault();
    if (event.inputType === "historyRedo") back(undone, done);
    else back(done, undone);
  });
})();
