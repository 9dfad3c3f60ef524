// 填指标名称时的建议，取自指标库；填指标值时的建议，常用的比较符和单位。没有这个文件页面也能用，只是没有建议。
"use strict";
(() => {
  const form = document.getElementById("content");
  if (!form || !form.dataset.suggest) return;
  const NAME = /^indicators\.\d+\.name$/, TARGET = /^indicators\.\d+\.target$/, AFTER = 250; // milliseconds after the last keystroke
  const bar = document.getElementById("points");
  const measures = bar ? JSON.parse(bar.dataset.measures) : null;
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "指标库中的指标");
  list.hidden = true;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  document.body.append(list, said);
  let field = null, found = [], active = -1, timer = 0, asking = null;

  const beside = (one, name) => form.elements.namedItem(one.name.replace(/(?:name|target)$/, name));

  function close() {
    clearTimeout(timer);
    if (asking) asking.abort();
    asking = null;
    list.hidden = true;
    found = [];
    active = -1;
    if (field) {
      field.removeAttribute("aria-activedescendant");
      field.removeAttribute("aria-controls");
    }
  }

  function line(words, className) {
    const made = document.createElement("span");
    made.className = className;
    made.textContent = words;
    return made;
  }

  function known(one) {
    const words = [one.level2];
    if (one.lowest && one.lowest !== one.highest) words.push(`${one.lowest} 至 ${one.highest}`);
    words.push(`用过 ${one.uses} 次`);
    if (one.judged) words.push(`达标 ${one.reached}/${one.judged}`);
    if (one.is_own) words.push("本部门");
    return words.filter(Boolean).join(" · ");
  }

  function show() {
    list.replaceChildren(...found.map((one, index) => {
      const item = document.createElement("li");
      item.id = `suggestion-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const name = line(one.name, "suggested-name");
      if (one.target) name.append("  ", line(one.target, "suggested-target"));
      item.append(name);
      if (one.level2) item.append(line(known(one), "suggested-more"));
      return item;
    }));
    const at = field.getBoundingClientRect();
    list.style.left = `${at.left + window.scrollX}px`;
    list.style.top = `${at.bottom + window.scrollY}px`;
    list.style.width = `${Math.max(at.width, 320)}px`;
    list.hidden = !found.length;
    active = -1;
    if (found.length) {
      field.setAttribute("aria-controls", list.id);
      said.textContent = `${found.length} 个建议，用上下方向键选，回车填入`;
    } else {
      said.textContent = "";
    }
  }

  function move(step) {
    active = active < 0 && step < 0 ? found.length - 1 : (active + step + found.length) % found.length;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
    list.children[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `suggestion-${active}`);
  }

  function put(one, value) {
    if (!one || one.value === value) return;
    one.value = value;
    one.dispatchEvent(new Event("input", { bubbles: true }));
  }

  let taking = false;
  function take(one) {
    const into = field;
    close();
    taking = true; // what is filled in asks for no suggestions
    put(into, one.name);
    for (const name of one.level2 ? ["level1", "level2", "target"] : []) {
      const other = beside(into, name);
      if (other && !other.value.trim()) put(other, one[name]);
    }
    taking = false;
    into.focus();
  }

  // ≥90 → ≥90%, ≥90个 …: a comparator that is usual for the level 2, and its units.
  const WRITTEN = /^(≥|≤|＞|＜|>=|<=|=|>|<)?\s*(\d[\d,.]*)\s*(\D{0,6})$/;
  function measure(into) {
    const level2 = beside(into, "level2"), [, given, figure, begun] = into.value.trim().match(WRITTEN) || [];
    if (!measures || !figure) return;
    const [comparators, units] = measures[level2 ? level2.value.trim() : ""] || measures[""];
    const signs = given ? [{ ">=": "≥", "<=": "≤" }[given] || given] : comparators.slice(0, 2);
    found = signs.flatMap((sign) => units.filter((unit) => unit.startsWith(begun)).slice(0, 6).map((unit) => ({ name: sign + figure + unit })))
      .filter((one) => one.name !== into.value.trim()).slice(0, 10);
    if (found.length) {
      list.setAttribute("aria-label", "常用的比较符和单位");
      show();
    }
  }

  async function ask(into) {
    const level2 = beside(into, "level2");
    const query = new URLSearchParams({ q: into.value.trim(), level2: level2 ? level2.value : "" });
    const own = new AbortController();
    asking = own;
    try {
      const answer = await fetch(`${form.dataset.suggest}?${query}`, { headers: { Accept: "application/json" }, signal: own.signal });
      if (!answer.ok || asking !== own) return;
      const told = await answer.json();
      if (asking !== own || document.activeElement !== into) return;
      found = told.results.filter((one) => one.name !== into.value);
      list.setAttribute("aria-label", "指标库中的指标");
      show();
    } catch {
      // No suggestions then.
    }
  }

  form.addEventListener("input", (event) => {
    const into = event.target;
    if (taking || !into.name || !(NAME.test(into.name) || TARGET.test(into.name))) return;
    close();
    field = into;
    field.setAttribute("aria-autocomplete", "list");
    if (event.isComposing || !into.value.trim()) return;
    if (document.activeElement !== into) return;
    timer = setTimeout(() => (NAME.test(into.name) ? ask(into) : measure(into)), AFTER);
  });
  form.addEventListener("compositionend", (event) => {
    if (event.target.name && NAME.test(event.target.name)) event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("keydown", (event) => {
    if (list.hidden || event.target !== field || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(found[active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  form.addEventListener("focusout", (event) => { if (event.target === field) close(); });
  window.addEventListener("resize", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) take(found[[...list.children].indexOf(item)]);
  });
})();
