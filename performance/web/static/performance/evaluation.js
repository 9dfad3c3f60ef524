// 自评填报：停笔后试算，按规则的得分与理由就在行里；取数、试一试、拖放和撤下佐证、从决算取执行数。
// 没有这个文件页面也能用：试算、取数、上传、撤下都有自己的提交。
"use strict";
(() => {
  const AFTER = 700; // milliseconds after the last keystroke
  const form = document.getElementById("content");
  if (!form || !form.dataset.trial || !form.desk) return;
  const desk = form.desk;
  const summary = document.getElementById("trial-sum");
  const lineOf = (seq) => form.querySelector(`[data-line="${seq}"]`);
  const field = (name) => form.elements.namedItem(name);
  const claimOf = (seq) => field(seq === "0" ? "execution.claimed" : `actuals.${seq}.claimed`);
  let timer = 0, asked = 0, latest = null, before = null;

  // ── the trial ───────────────────────────────────────────────────────────────────────────────
  const number = (text) => (text === null || text === undefined ? "—" : String(text));
  const two = (text) => (text === null || text === undefined ? "—" : Number(text).toFixed(2));
  const plain = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);
  const signed = (text) => (Number(text) > 0 ? `+${two(text)}` : two(text).replace("-", "−"));
  const differs = (text) => text !== null && text !== undefined && Number(text) !== 0;

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(trial, AFTER);
  }

  async function trial() {
    clearTimeout(timer);
    timer = 0;
    const mine = (asked += 1);
    let answer, told;
    try {
      answer = await desk.ask(form.dataset.trial);
      told = await answer.json();
    } catch {
      if (mine === asked) stale("没有试算：网络中断，下面是上一次的结果。");
      return;
    }
    if (before && before.first === mine && answer.ok) before.told = told; // as it was before anything was tried
    if (mine !== asked) return; // something newer is under way
    if (answer.ok) show(told);
    else if (told.errors) stale(`没有试算：${Object.keys(told.errors).length} 处不能使用（${Object.values(told.errors)[0]}），改正后再算。`);
    else if (answer.status === 401 || answer.status === 403) stale("没有试算：登录已过期。");
    else stale(`没有试算：${told.detail || "请稍后再试"}`);
  }

  function stale(words) {
    summary.classList.add("stale");
    summary.textContent = words;
  }

  function show(told) {
    latest = told;
    for (const line of [...told.lines, ...(told.execution ? [told.execution] : [])]) fill(line);
    summary.classList.remove("stale");
    summary.replaceChildren(...sumUp(told));
    text("sum-points", number(told.available));
    text("sum-claimed", number(told.claimed_sum));
    text("sum-computed", two(told.total));
    text("sum-grade", told.complete ? `按规则等级 ${told.grade || "—"}` : "有未评的行，不定等级");
    if (before) tell();
  }

  function text(id, words) {
    const found = document.getElementById(id);
    if (found) found.textContent = words;
  }

  function fill(line) {
    const row = lineOf(String(line.seq));
    if (!row) return;
    row.querySelector("[data-computed]").textContent = two(line.awarded);
    const gap = row.querySelector("[data-difference]");
    gap.textContent = differs(line.difference) ? signed(line.difference) : "";
    gap.classList.toggle("differs", differs(line.difference));
    row.querySelector("[data-why]").textContent = line.explanation;
    row.querySelector("[data-take]").disabled = line.awarded === null || (line.claimed !== null && !differs(line.difference));
    const due = row.querySelector("[data-due]");
    due.hidden = !line.due;
    row.querySelector("[data-due-words]").textContent = line.due;
    const reason = field(`actuals.${line.seq}.deviation`);
    if (reason) reason.classList.toggle("wanted", Boolean(line.due));
  }

  function element(tag, words, name) {
    const made = document.createElement(tag);
    made.textContent = words;
    if (name) made.className = name;
    return made;
  }

  function sumUp(told) {
    const parts = ["按规则 ", element("strong", two(told.total), "figure-now"), " 分"];
    if (told.complete) parts.push("，等级 ", element("strong", told.grade || "—"));
    else parts.push(`（还有未评的行，已评 ${two(told.total)} / 可评 ${told.available}）`);
    parts.push(` · 各行自评合计 ${number(told.claimed_sum)}`);
    if (differs(told.difference)) parts.push("，相差 ", element("span", signed(told.difference), "differs"));
    const counts = [["阻断", told.counts.block], ["错误", told.counts.error], ["提示", told.counts.notice]];
    const found = counts.filter(([, n]) => n).map(([label, n]) => `${label} ${n}`).join(" ");
    parts.push(` · 体检 ${found || "没有发现问题"}`);
    return parts;
  }

  // ── taking computed points ──────────────────────────────────────────────────────────────────
  const untake = document.getElementById("untake");
  let replaced = [];

  function put(target, value) {
    if (!target || target.value === value) return;
    replaced.push([target, target.value]);
    target.value = value;
  }

  async function take(seq) {
    if (!latest || timer) await trial();
    if (!latest) return;
    replaced = [];
    const lines = [...latest.lines, ...(latest.execution ? [latest.execution] : [])];
    for (const line of lines) {
      if (line.awarded !== null && (seq === "all" || String(line.seq) === seq)) put(claimOf(String(line.seq)), plain(line.awarded));
    }
    if (seq === "all") put(field("total_claimed"), plain(latest.total));
    untake.hidden = replaced.length === 0;
    if (replaced.length) edited(replaced[0][0]);
    if (seq !== "all") claimOf(seq).focus();
  }

  function edited(target) {
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }

  untake.addEventListener("click", () => {
    for (const [target, value] of replaced) target.value = value;
    if (replaced.length) edited(replaced[0][0]);
    replaced = [];
    untake.hidden = true;
  });

  // ── what if ─────────────────────────────────────────────────────────────────────────────────
  const starts = document.getElementById("try");
  const bar = document.getElementById("trying");
  starts.hidden = false;
  starts.addEventListener("click", () => {
    before = { values: desk.fields().map((one) => [one, one.value]), told: null, first: asked + 1 };
    trial();
    desk.hold(true);
    form.dataset.trying = "";
    bar.hidden = false;
    starts.hidden = true;
    tell();
    bar.focus();
  });

  function tell() {
    const was = before.told, now = latest;
    let words = "试一试：现在改的都不保存，可以随意改。";
    if (was && now && now !== was) words += ` 试之前 ${two(was.total)} 分，现在 ${two(now.total)} 分${now.complete ? `（${now.grade || "—"}）` : ""}，${signed(Number(now.total) - Number(was.total))}。`;
    document.getElementById("trying-words").textContent = words;
  }

  function ends(keeps) {
    const changed = before.values.filter(([one, value]) => one.value !== value);
    if (!keeps) {
      for (const [one, value] of changed) {
        one.value = value;
        if (one.tagName === "TEXTAREA") desk.fit(one);
      }
    }
    before = null;
    delete form.dataset.trying;
    bar.hidden = true;
    starts.hidden = false;
    replaced = [];
    untake.hidden = true;
    if (keeps && changed.length) desk.changed();
    desk.hold(false);
    trial();
    starts.focus();
  }
  document.getElementById("keep-tried").addEventListener("click", () => ends(true));
  document.getElementById("drop-tried").addEventListener("click", () => ends(false));
  window.addEventListener("submit", (event) => {
    if (!before) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    bar.focus();
  }, true);
  window.addEventListener("beforeunload", (event) => {
    if (before && before.values.some(([one, value]) => one.value !== value)) event.preventDefault();
  });

  // ── from the final accounts ─────────────────────────────────────────────────────────────────
  const accounts = document.getElementById("accounts");
  const offered = accounts && accounts.dataset.from;
  const amount = (value) => Number(value).toLocaleString("zh-CN", { minimumFractionDigits: 0, maximumFractionDigits: 2 });
  let figures = [];
  if (offered) {
    fetch(offered).then((answer) => (answer.ok ? answer.json() : [])).then((found) => {
      figures = found;
      settle();
    }).catch(() => {});
  }

  const same = (typed, value) => {
    const clean = typed.replace(/[,，\s]/g, "");
    return /^-?\d+(\.\d+)?$/.test(clean) && Number(clean) === Number(value);
  };

  function settle() {
    if (!figures.length) return;
    const list = document.createElement("ul");
    list.className = "accounts";
    figures.forEach((one, index) => list.append(account(one, index)));
    const now = document.activeElement && document.activeElement.dataset.account;
    accounts.replaceChildren(list);
    if (now) accounts.querySelector(`[data-account="${now}"]`)?.focus();
  }

  function account(one, index) {
    const item = document.createElement("li");
    const parts = [["budget", "全年预算数", one.budget], ["executed", "全年执行数", one.executed]].filter(([, , value]) => value !== null);
    item.append(element("span", "来自决算", "badge badge-ok"), ` ${one.document}${one.table ? ` · ${one.table}` : ""} · ${one.place}：`);
    item.append(parts.map(([, label, value]) => `${label} ${amount(value)} 元`).join("，"));
    const differing = parts.filter(([name, , value]) => !same(field(`execution.${name}`).value, value));
    const typed = differing.filter(([name]) => field(`execution.${name}`).value.trim());
    if (!differing.length) item.append(" ", element("span", "与填写一致", "badge badge-ok"));
    else {
      if (typed.length) item.append(" ", element("span", `与填写不同：${typed.map(([name, label]) => `${label}填的是 ${field(`execution.${name}`).value}`).join("，")}`, "badge badge-warn wraps"));
      const button = element("button", typed.length ? "改用这些数" : "填入这些数", "quiet");
      button.type = "button";
      button.dataset.account = String(index);
      button.addEventListener("click", () => {
        for (const [name, , value] of differing) field(`execution.${name}`).value = value;
        edited(field(`execution.${differing[0][0]}`));
        settle();
      });
      item.append(" ", button);
    }
    return item;
  }

  // ── evidence ────────────────────────────────────────────────────────────────────────────────
  const picker = document.createElement("input");
  picker.type = "file";
  picker.multiple = true;
  picker.hidden = true;
  picker.id = "picker";
  picker.setAttribute("aria-label", "选择佐证文件");
  picker.accept = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.txt";
  form.after(picker);
  let picked = "";
  picker.addEventListener("change", () => {
    const files = [...picker.files];
    picker.value = "";
    upload(picked, files);
  });
  form.querySelectorAll("[data-pick]").forEach((button) => { button.hidden = false; });

  // One after the other: each makes a version that the next begins from.
  const busy = [];
  function queue(act, then) {
    busy.push([act, then]);
    if (busy.length === 1) next();
  }

  async function next() {
    const [act, then] = busy[0];
    await desk.save();
    desk.hold(true);
    const failed = await act();
    desk.hold(false);
    await then(failed);
    busy.shift();
    if (busy.length) next();
  }

  function upload(seq, files) {
    if (before) return going(seq, "试一试时不能上传，请先采用或放弃。", true);
    for (const file of files) {
      queue(() => send(seq, file), async (failed) => {
        if (failed) return going(seq, `${file.name}：${failed}`, true);
        going(seq, `${file.name} 已上传`);
        await refresh(seq);
        soon();
      });
    }
  }

  const going = (seq, words, bad = false) => tellAt(lineOf(seq).querySelector(".going"), words, bad);
  function tellAt(where, words, bad) {
    where.textContent = words;
    where.classList.toggle("bad", bad);
  }

  // Why the service did not do it, in words; ``what`` is the act.
  function refusal(what, status, told) {
    if (told.code === "stale_version") return `没有${what}：别人修改过这张表，请先保存并对照`;
    if (status === 401 || (status === 403 && told.code !== "not_allowed")) return `没有${what}：登录已过期，请在新标签页登录后再试`;
    if (status === 413) return `没有${what}：文件太大，最多 20 MB`;
    return `没有${what}：${Object.values(told.errors || {})[0] || told.detail || "系统繁忙，请稍后再试"}`;
  }

  // ── taking evidence away ────────────────────────────────────────────────────────────────────
  const leaving = new Set();
  let lastTaken = null;

  function takeAway(button) {
    const [, seq, sha256] = button.value.split(":"), away = `${seq}/${sha256}`, inLine = form.contains(button);
    const name = button.closest(".supports > div, tr").querySelector("a").textContent;
    const where = inLine ? lineOf(seq).querySelector(".going") : document.getElementById("evidence-going");
    if (before) return tellAt(where, "试一试时不能撤下，请先采用或放弃。", true);
    if (leaving.has(away)) return undefined;
    leaving.add(away);
    return queue(() => drop(away), async (failed) => {
      leaving.delete(away);
      if (failed) return tellAt(where, `${name}：${failed}`, true);
      tellAt(where, `${name} 已撤下`, false);
      const held = document.activeElement?.closest(".away"); // what held the focus goes
      await refresh(seq);
      if (held) (inLine ? lineOf(seq).querySelector("[data-pick]") : document.querySelector("#evidence-list summary") || document.getElementById("f-seq")).focus();
      return soon();
    });
  }

  async function drop(which) {
    // After a lost answer the same press is told by its key: it may have been done.
    const base = desk.version();
    if (!lastTaken || lastTaken.which !== which || lastTaken.base !== base) lastTaken = { which, base, key: desk.keyOfWrite() };
    try {
      const answer = await fetch(`${form.dataset.evidence}${which}/`, {
        method: "DELETE",
        headers: { "X-CSRFToken": desk.token(), "If-Match": `"${base}"`, "Idempotency-Key": lastTaken.key },
      });
      const told = await answer.json().catch(() => ({}));
      if (!answer.ok) return refusal("撤下", answer.status, told);
      desk.renumbered(told.version);
      return "";
    } catch {
      return "没有撤下：网络中断，请再试一次";
    }
  }
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-away]");
    if (!pressed) return;
    event.preventDefault();
    takeAway(pressed);
  });

  function send(seq, file) {
    return new Promise((done) => {
      const request = new XMLHttpRequest(), body = new FormData();
      body.append("seq", seq);
      body.append("file", file);
      body.append("note", "");
      request.open("POST", form.dataset.evidence);
      request.setRequestHeader("X-CSRFToken", desk.token());
      request.setRequestHeader("If-Match", `"${desk.version()}"`);
      request.setRequestHeader("Idempotency-Key", desk.keyOfWrite());
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) going(seq, `正在上传 ${file.name} ${Math.floor((100 * event.loaded) / event.total)}%`);
      });
      request.addEventListener("error", () => done("没有上传：网络中断，请再试一次"));
      request.addEventListener("load", () => {
        let told = {};
        try {
          told = JSON.parse(request.responseText);
        } catch {
          // Not an answer of the service: told as any other failure.
        }
        if (request.status === 201) {
          desk.renumbered(told.version);
          return done("");
        }
        return done(refusal("上传", request.status, told));
      });
      going(seq, `正在上传 ${file.name}…`);
      request.send(body);
    });
  }

  // What the server now has for the line, as it writes it itself.
  async function refresh(seq) {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const all = fresh.getElementById("evidence-list");
      if (!all) return; // not the paper's page: signed out meanwhile
      const none = document.getElementById("line-parts").content.querySelector("[data-files]").cloneNode(true);
      const files = fresh.querySelector(`[data-files="${seq}"]`) || none;
      lineOf(seq).querySelector("[data-files]").replaceChildren(...files.childNodes);
      document.getElementById("evidence-list").replaceChildren(...all.childNodes);
      document.getElementById("h-evidence").textContent = fresh.getElementById("h-evidence").textContent;
    } catch {
      // It is there; the next visit shows it.
    }
  }

  const over = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files") && event.target.closest("[data-line]");
  form.addEventListener("dragover", (event) => {
    const row = over(event);
    form.querySelectorAll(".dropping").forEach((one) => { if (one !== row) one.classList.remove("dropping"); });
    if (!row || row.dataset.line === "0") return;
    event.preventDefault();
    row.classList.add("dropping");
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.querySelectorAll(".dropping").forEach((one) => one.classList.remove("dropping"));
  });
  form.addEventListener("drop", (event) => {
    const row = over(event);
    if (!row || row.dataset.line === "0") return;
    event.preventDefault();
    row.classList.remove("dropping");
    upload(row.dataset.line, [...event.dataTransfer.files]);
  });
  // A file let go beside a row must not take the page away.
  ["dragover", "drop"].forEach((name) => window.addEventListener(name, (event) => {
    if (event.dataTransfer && [...event.dataTransfer.types].includes("Files")) event.preventDefault();
  }));

  // ── keys and presses ────────────────────────────────────────────────────────────────────────
  form.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    if (!pressed) return;
    if (pressed.dataset.take) {
      event.preventDefault();
      take(pressed.dataset.take);
    } else if (pressed.dataset.pick) {
      picked = pressed.dataset.pick;
      picker.click();
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.altKey) return;
    const name = event.target.name || "";
    if (!name.endsWith(".claimed")) return;
    event.preventDefault();
    take(name.startsWith("execution") ? "0" : name.split(".")[1]);
  });
  form.addEventListener("input", () => {
    soon();
    settle();
  });
  trial();
})();
