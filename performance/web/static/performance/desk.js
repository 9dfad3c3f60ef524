// 填报页：边写边存，断网、过期、版本变化时内容留在本机；表格加行删行。
// 没有这个文件页面也能用，每个按钮都有自己的提交。
"use strict";
(() => {
  const GROWING = ["objectives", "funds", "indicators"];
  const FIXED = ["actuals", "lines"];
  const META = new Set(["csrfmiddlewaretoken", "form_key", "version", "act"]);
  const AFTER = 1500; // milliseconds after the last keystroke
  const form = document.getElementById("content");
  if (form) fill(form);

  // ── the form of a paper ─────────────────────────────────────────────────────────────────────
  function fill(form) {
    const state = document.getElementById("autosave");
    const offered = document.getElementById("offered");
    const store = `jiheng/${form.dataset.key}/`;
    const versionField = form.elements.namedItem("version");
    let held = false; // nothing is saved while something is tried, or a file goes up
    let dirty = false, halted = false, refused = false, expired = false, timer = 0, keeping = 0, flight = null, last = null;

    const fields = () => [...form.elements].filter((one) => one.name && one.type !== "submit" && !META.has(one.name));
    const version = () => versionField.value;
    const token = () => form.elements.namedItem("csrfmiddlewaretoken").value;
    const keyOfWrite = () => (crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now());
    const clock = (when) => when.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });

    function say(words, tone = "", link = "") {
      state.textContent = words;
      state.className = tone || "muted";
      if (link) {
        const anchor = document.createElement("a");
        anchor.href = link;
        anchor.target = "_blank";
        anchor.rel = "noopener";
        anchor.textContent = "在新标签页登录";
        state.append(" ", anchor);
      }
    }

    // The content as the interface takes it, and which field stands at which of its places.
    function read() {
      const content = {}, places = new Map(), rows = {};
      for (const field of fields()) {
        const [head, second, name] = field.name.split(".");
        if (second === undefined) {
          content[head] = field.value;
          places.set(field.name, field);
        } else if (GROWING.includes(head) || FIXED.includes(head)) {
          const numbered = (rows[head] = rows[head] || new Map());
          if (!numbered.has(second)) numbered.set(second, []);
          numbered.get(second).push([name, field]);
        } else {
          (content[head] = content[head] || {})[second] = field.value;
          places.set(field.name, field);
        }
      }
      for (const [head, numbered] of Object.entries(rows)) {
        content[head] = [];
        for (const [number, cells] of numbered) {
          const grows = GROWING.includes(head);
          if (grows && cells.every(([, field]) => !field.value.trim())) continue;
          const at = `${head}.${grows ? content[head].length + 1 : number}`;
          if (cells[0][0] === undefined) {
            content[head].push(cells[0][1].value);
            places.set(at, cells[0][1]);
            places.set(`${at}.text`, cells[0][1]);
            continue;
          }
          const row = grows ? {} : { seq: Number(number) };
          for (const [name, field] of cells) {
            row[name] = field.value;
            places.set(`${at}.${name}`, field);
          }
          content[head].push(row);
        }
      }
      if (content.execution) {
        const given = content.execution;
        const blank = Object.values(given).every((value) => !value.trim());
        content.execution = blank ? null : { ...given, finished: { 是: true, 否: false }[given.finished] ?? null };
      }
      return { content, places };
    }

    // ── kept on this machine ──────────────────────────────────────────────────────────────────
    const flat = () => Object.fromEntries(fields().map((field) => [field.name, field.value]));
    function keepNow() {
      clearTimeout(keeping);
      keeping = 0;
      keep();
    }
    function keep() {
      try {
        localStorage.setItem(store + version(), JSON.stringify({ at: Date.now(), fields: flat() }));
      } catch {
        // Full or forbidden: the page still saves to the server.
      }
    }
    function kept() {
      const found = [];
      for (let n = 0; n < localStorage.length; n += 1) {
        const key = localStorage.key(n);
        if (!key.startsWith(store)) continue;
        try {
          found.push({ key, version: key.slice(store.length), ...JSON.parse(localStorage.getItem(key)) });
        } catch {
          localStorage.removeItem(key);
        }
      }
      return found.sort((one, other) => other.at - one.at);
    }
    const forget = () => kept().forEach((one) => localStorage.removeItem(one.key));

    function offer() {
      const found = kept();
      if (!found.length) return;
      const newest = found[0], now = flat();
      const filled = Object.entries(newest.fields).filter(([, value]) => value);
      const same = filled.every(([name, value]) => now[name] === value)
        && Object.entries(now).every(([name, value]) => !value || newest.fields[name] === value);
      if (same) return forget();
      const words = document.createElement("p");
      words.textContent = `本机留有 ${clock(new Date(newest.at))} 没有保存的填写${newest.version === version() ? "" : "；之后这张表又有修改，恢复后保存时会请您对照"}。`;
      const back = button("恢复我的填写", () => {
        offered.hidden = true;
        restore(newest);
      });
      const drop = button("丢弃", () => {
        offered.hidden = true;
        forget();
      });
      offered.replaceChildren(words, back, " ", drop);
      offered.hidden = false;
    }
    function button(words, act) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "plain";
      made.textContent = words;
      made.addEventListener("click", act);
      return made;
    }
    function restore(one) {
      before();
      for (const list of GROWING) {
        const most = Math.max(0, ...Object.keys(one.fields).filter((name) => name.startsWith(`${list}.`)).map((name) => Number(name.split(".")[1])));
        const missing = most - rowsOf(list).length;
        if (rowsOf(list).length && missing > 0) addRows(list, missing);
      }
      for (const field of fields()) field.value = one.fields[field.name] ?? "";
      if (one.version !== version()) localStorage.removeItem(one.key);
      versionField.value = one.version;
      fitAll(form);
      changed();
      save();
    }

    // ── saving ────────────────────────────────────────────────────────────────────────────────
    function changed() {
      if ("trying" in form.dataset) return;
      dirty = true;
      refused = false;
      if (!keeping) keeping = setTimeout(keepNow, 250); // not within the keystroke
      form.dispatchEvent(new Event("desk:changed"));
      if (halted) return;
      if (state.textContent !== "正在填写…") say("正在填写…");
      clearTimeout(timer);
      timer = setTimeout(save, AFTER);
    }
    const before = () => form.dispatchEvent(new Event("desk:before"));

    async function renew() {
      // After signing in again in another tab the page needs the new session's token.
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      if (answer.redirected || !answer.ok) return false;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const other = fresh.getElementById("content");
      if (!other || other.dataset.key !== form.dataset.key) return false;
      const value = other.elements.namedItem("csrfmiddlewaretoken").value;
      document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((one) => { one.value = value; });
      return true;
    }

    function save() {
      clearTimeout(timer);
      if (flight) return flight;
      if (!dirty || halted || held) return Promise.resolve(!dirty);
      flight = send().finally(() => {
        flight = null;
        if (dirty && !halted && !held && !refused && !expired) {
          clearTimeout(timer);
          timer = setTimeout(save, AFTER);
        }
      });
      return flight;
    }

    async function send() {
      const { content, places } = read();
      const body = JSON.stringify(content), base = version();
      if (!last || last.body !== body || last.base !== base) last = { body, base, key: keyOfWrite() };
      say("正在保存…");
      dirty = false;
      let answer, told = {};
      try {
        if (expired && !(await renew())) return fail("登录已过期，填写的内容留在本机。", form.dataset.signIn);
        answer = await fetch(form.dataset.autosave, {
          method: "PUT",
          headers: { "Content-Type": "application/json", "If-Match": `"${base}"`, "Idempotency-Key": last.key, "X-CSRFToken": token() },
          body,
        });
        told = await answer.json().catch(() => ({}));
      } catch {
        retry();
        return fail("没有保存：网络中断，内容留在本机，稍后自动再试。");
      }
      if (answer.ok) return saved(told.version, places);
      if ((answer.status === 401 || answer.status === 403) && told.code !== "not_allowed") {
        expired = true;
        return fail("登录已过期，填写的内容留在本机。", form.dataset.signIn);
      }
      if (told.code === "stale_version") {
        halted = true;
        return fail("版本已变，请对照：别人修改过这张表。按“保存”逐处对照，您的填写都在。");
      }
      if (answer.status === 400 && told.errors) {
        refused = true;
        last = null;
        point(told.errors, places);
        return fail(`没有保存：${Object.keys(told.errors).length} 处不能使用，请看标红处；内容留在本机。`);
      }
      if (answer.status === 409 || answer.status === 403 || answer.status === 404) {
        halted = true;
        return fail(`没有保存：${told.detail || "现在不能保存"} 内容留在本机。`);
      }
      if (answer.status === 422) last = null;
      retry();
      return fail("没有保存：系统繁忙，内容留在本机，稍后自动再试。");
    }
    function fail(words, link = "") {
      dirty = true;
      say(words, "bad", link);
      return false;
    }
    function retry() {
      clearTimeout(timer);
      setTimeout(() => { if (dirty && !halted) save(); }, 8000);
    }
    function saved(number, places) {
      expired = false;
      last = null;
      clearTimeout(keeping);
      keeping = 0;
      forget();
      renumbered(number);
      if (dirty) keep();
      point({}, places);
      say(`已保存 ${clock(new Date())}`, "good");
      return true;
    }
    function renumbered(number) {
      document.querySelectorAll("#content input[name=version], [data-after-save] input[name=version]").forEach((one) => { one.value = number; });
    }
    function hold(on) {
      held = on;
      if (!on && dirty) save();
    }
    // Asks the service about what is typed; nothing is saved.
    const ask = (address) => fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(read().content),
    });
    // Errors beside their fields, as the server would have put them.
    function point(errors, places) {
      form.querySelectorAll(".field-error").forEach((one) => one.remove());
      form.querySelectorAll("[aria-invalid]").forEach((one) => {
        one.removeAttribute("aria-invalid");
        one.removeAttribute("aria-describedby");
      });
      for (const [at, words] of Object.entries(errors)) {
        const field = places.get(at);
        if (!field) continue;
        const told = document.createElement("p");
        told.className = "field-error";
        told.id = `error-${field.name.replaceAll(".", "-")}`;
        told.textContent = words;
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", told.id);
        field.after(told);
        field.closest("details")?.setAttribute("open", "");
      }
    }

    // ── rows ──────────────────────────────────────────────────────────────────────────────────
    const rowsOf = (list) => [...form.querySelectorAll(`[data-of="${list}"]`)];
    function clear(row) {
      row.querySelectorAll("input, textarea, select").forEach((one) => { one.value = ""; });
      row.querySelectorAll(".field-error, .in-question, .found").forEach((one) => one.remove());
      row.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
      row.querySelectorAll("details").forEach((one) => one.removeAttribute("open"));
    }
    // ``count`` blank rows behind ``after``, else behind the last one.
    function addRows(list, count, after = null) {
      const rows = rowsOf(list), blank = rows[rows.length - 1].cloneNode(true), made = [];
      clear(blank);
      for (let n = 0; n < count; n += 1) made.push(n ? blank.cloneNode(true) : blank);
      (after || rows[rows.length - 1]).after(...made);
      renumber(list);
      return made;
    }
    function removeRow(row) {
      const list = row.dataset.of, rows = rowsOf(list);
      const next = rows[rows.indexOf(row) + 1] || rows[rows.indexOf(row) - 1];
      before();
      if (rows.length > 1) row.remove();
      else clear(row);
      renumber(list);
      (next || row).querySelector("input, textarea, select").focus();
      changed();
    }
    function renumber(list) {
      const name = new RegExp(`\\b${list}([.-])\\d+`), words = /第\d+行/;
      rowsOf(list).forEach((row, index) => {
        const n = index + 1;
        if (row.dataset.number === String(n)) return;
        row.dataset.number = n;
        for (const one of row.querySelectorAll("[name], [id], [for], [aria-label], button, .visually-hidden, .row-number")) {
          for (const attribute of ["name", "id", "for", "aria-describedby", "aria-label", "value"]) {
            if (attribute === "value" && one.tagName !== "BUTTON") continue;
            const text = one.getAttribute(attribute);
            if (text) one.setAttribute(attribute, text.replace(name, `${list}$1${n}`).replace(words, `第${n}行`));
          }
          if (one.className === "visually-hidden") one.textContent = one.textContent.replace(words, `第${n}行`);
          if (one.classList.contains("row-number")) one.textContent = n;
        }
      });
    }
    // Heights follow the text: all are measured before the first is set, so that the page is laid out once.
    // What is far from the window is measured when it comes near.
    function fitAll(within) {
      const areas = [...within.querySelectorAll("textarea")].filter((one) => !one.closest("[data-far]") && one.offsetParent);
      areas.forEach((one) => { one.style.height = "auto"; });
      const heights = areas.map((one) => one.scrollHeight);
      areas.forEach((one, n) => { one.style.height = `${heights[n] + 2}px`; });
    }
    function fit(area) {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    }

    form.addEventListener("click", (event) => {
      const pressed = event.target.closest("button");
      if (!pressed) return;
      if (pressed.dataset.add) {
        event.preventDefault();
        before();
        const [row] = addRows(pressed.dataset.add, 1);
        fitAll(row);
        row.querySelector("input, textarea, select").focus();
      } else if ("remove" in pressed.dataset) {
        event.preventDefault();
        removeRow(pressed.closest("[data-row]"));
      }
    });
    // What the check-up said of a cell does not speak of what is typed there now.
    function outdate(field) {
      for (const mark of field.parentElement.querySelectorAll(".found:not(.outdated)")) {
        mark.classList.add("outdated");
        mark.title = `内容已改，待重新体检。原来的发现：${mark.title}`;
      }
    }
    form.addEventListener("input", (event) => {
      if (event.target.tagName === "TEXTAREA") fit(event.target);
      outdate(event.target);
      changed();
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (dirty) keepNow();
      const submitter = event.submitter;
      if (flight) {
        event.preventDefault(); // let the save under way finish: it brings the next version
        flight.finally(() => form.requestSubmit(submitter));
      } else if (expired) {
        event.preventDefault();
        renew().catch(() => false).then((signedIn) => {
          expired = !signedIn;
          if (signedIn) form.requestSubmit(submitter);
          else fail("登录已过期，填写的内容留在本机。", form.dataset.signIn);
        });
      }
    });
    document.querySelectorAll("[data-after-save]").forEach((other) => other.addEventListener("submit", (event) => {
      if (!dirty && !flight) return;
      event.preventDefault();
      save().then((done) => { if (done) other.submit(); });
    }));
    window.addEventListener("focus", () => { if (expired && dirty) save(); });
    let sizing = 0;
    window.addEventListener("resize", () => {
      clearTimeout(sizing);
      sizing = setTimeout(() => fitAll(form), 150); // narrower cells hold more lines
    });
    window.addEventListener("online", () => { if (dirty) save(); });
    window.addEventListener("pagehide", () => { if (keeping) keepNow(); });
    form.addEventListener("toggle", (event) => fitAll(event.target), true); // what was folded had no height
    GROWING.forEach((list) => rowsOf(list).forEach((row, index) => { row.dataset.number = index + 1; }));
    document.addEventListener("DOMContentLoaded", () => fitAll(form)); // when every script has set up its part
    // For what else works on the same form: its content and rows, and when it is saved.
    form.desk = {
      GROWING, read, fields, rowsOf, addRows, renumber, fit, fitAll, before, changed, say,
      version, token, keyOfWrite, save, renumbered, hold, ask,
    };
    if ("unsaved" in form.dataset) {
      dirty = true;
      keep();
    } else {
      offer();
    }
  }
})();
