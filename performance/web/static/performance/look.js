// 表单里只是换一部分来看的按钮（查找、翻页、展开部门）：取回这一部分换上，别处填的和选的都不动。
// 单位树：勾部门就是勾全部单位。没有这个文件，这些按钮照样把整页送去再送回来。
"use strict";
(() => {
  const form = document.querySelector("form[data-look]");
  if (!form) return;

  function branch(one) {
    const whole = one.querySelector("input[name=department]");
    const units = [...one.querySelectorAll("input[name=unit]")];
    const settle = () => {
      const chosen = units.filter((unit) => unit.checked).length;
      whole.checked = units.length > 0 && chosen === units.length;
      whole.indeterminate = chosen > 0 && chosen < units.length;
    };
    whole.addEventListener("change", () => units.forEach((unit) => { unit.checked = whole.checked; }));
    units.forEach((unit) => unit.addEventListener("change", settle));
    if (whole.checked) units.forEach((unit) => { unit.checked = true; });
    settle();
  }

  function wire(part) {
    part.querySelectorAll("[data-branch]").forEach(branch);
    const everyone = part.querySelector("input[name=everyone]");
    if (!everyone) return;
    const choosing = part.querySelector(".choosing");
    const settle = () => { choosing.hidden = everyone.checked; };
    everyone.addEventListener("change", settle);
    settle();
  }

  // 换上之后焦点留在原处：展开的部门、查找框，或翻页的按钮。
  function refocus(part, verb, value) {
    const by = (name, which) => part.querySelector(`[name="${name}"][value="${CSS.escape(which)}"]`);
    const opened = verb === "open" && by("department", value);
    const turned = verb === "page" && part.querySelector("input[name=department]");
    const found = part.querySelector("[type=search]");
    (opened || turned || found).focus();
  }

  async function look(button) {
    const part = document.getElementById(form.dataset.look);
    const sent = new FormData(form);
    for (const [name, given] of [...sent]) if (given instanceof File) sent.delete(name);
    sent.append(button.name, button.value);
    const [verb, value] = button.value.split(":");
    part.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(location.href, { method: "POST", body: sent, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(form.dataset.look);
      if (!answer.ok || !fresh) throw new Error(String(answer.status));
      part.replaceWith(document.adoptNode(fresh));
      wire(fresh);
      refocus(fresh, verb, value);
    } catch {
      part.removeAttribute("aria-busy");
      part.querySelector("[role=status]").textContent = "没有取到，可能网络断了或登录已过期；填写的都还在，请稍后再按一次。";
    }
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=look]");
    if (!button) return;
    event.preventDefault();
    // 在别的格子里按回车，浏览器当作按了表单里第一个按钮：那是要送出表单，不是要查找。
    const at = document.activeElement;
    if (event.detail === 0 && at !== button && at.type !== "search") form.requestSubmit(form.querySelector("[data-main]"));
    else look(button);
  });
  wire(form);
})();
