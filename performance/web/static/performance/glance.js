// The year at a glance is fetched when somebody scrolls down to it. Without this the link stays.
(() => {
  const place = document.querySelector("[data-glance]");
  if (!place) return;
  async function fill() {
    let text;
    try {
      const answer = await fetch(place.dataset.glance, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      text = await answer.text();
    } catch { return; }
    const found = new DOMParser().parseFromString(text, "text/html");
    // A script that comes in a parsed text does not run: ours, from our own address, is made anew.
    const scripts = [...found.querySelectorAll("script[src]")];
    scripts.forEach((one) => one.remove());
    place.replaceChildren(...found.body.childNodes);
    for (const one of scripts) {
      const script = document.createElement("script");
      script.src = one.getAttribute("src");
      document.body.append(script);
    }
  }
  const watch = new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) { watch.disconnect(); fill(); }
  }, { rootMargin: "200px" });
  watch.observe(place);
})();
