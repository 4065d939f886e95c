// What a page cannot do by itself: keys, and telling the house what was in view, opened and really read.
// Everything works without it; nothing here asks another host.
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const number = (text) => (text === undefined || text === null || text === "" ? null : Number(text));
  const edition = number(one("[data-edition]")?.dataset.edition);

  let waiting = [];
  const tell = (report) => waiting.push(report);
  const send = () => {
    if (!waiting.length) return;
    const body = JSON.stringify(waiting);
    waiting = [];
    // What was not taken (no network for a moment) is told again; a page that goes away leaves it to the browser.
    const again = () => { waiting = JSON.parse(body).concat(waiting).slice(-200); };
    fetch("/signal", { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body })
      .then((answer) => { if (500 <= answer.status) again(); }, again);
  };
  setInterval(send, 5000);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
  addEventListener("pagehide", send);

  // Shown: half of the card was in view for a second.
  if (edition !== null && "IntersectionObserver" in window) {
    const timers = new Map();
    const watcher = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) {
        clearTimeout(timers.get(target));
        if (!isIntersecting) continue;
        timers.set(target, setTimeout(() => {
          watcher.unobserve(target);
          tell({ story: Number(target.dataset.story), edition, kind: "shown", position: Number(target.dataset.position) });
        }, 1000));
      }
    }, { threshold: 0.5 });
    all(".card[data-story]").forEach((card) => watcher.observe(card));
  }
  document.addEventListener("click", (event) => {
    const card = event.target.closest?.("a") && event.target.closest(".card[data-story]");
    if (card && !event.target.closest("[data-why]")) {
      tell({ story: Number(card.dataset.story), edition, kind: "opened" });
      send();
    }
  });

  // Read: seconds during which the page was really looked at, and how far down.
  const reading = one("[data-reading][data-story]");
  if (reading) {
    const about = { story: Number(reading.dataset.story), article: number(reading.dataset.article) };
    let seconds = 0, depth = 0, active = Date.now();
    const look = () => {
      const box = reading.getBoundingClientRect();
      depth = Math.max(depth, Math.min(1, (innerHeight - box.top) / Math.max(1, box.height)));
    };
    ["scroll", "pointermove", "keydown", "touchstart"].forEach((what) =>
      addEventListener(what, () => { active = Date.now(); look(); }, { passive: true }));
    look();
    if (about.article !== null) tell({ ...about, kind: "opened" });
    setInterval(() => {
      if (document.visibilityState === "visible" && document.hasFocus() && Date.now() - active < 30000) seconds += 1;
    }, 1000);
    let told = false;
    const finish = () => {
      if (told || seconds < 4 || about.article === null) return;
      told = true;
      tell({ ...about, kind: "read", seconds, depth });
      send();
    };
    addEventListener("pagehide", finish);
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && 20 <= seconds) finish(); });
  }

  // Keys.
  const items = () => all(".card, .entry");
  const current = () => document.activeElement?.closest?.(".card, .entry");
  const move = (step) => {
    const list = items();
    if (!list.length) return;
    const at = list.indexOf(current());
    const next = list[Math.max(0, Math.min(list.length - 1, at + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => one(selector, current() ?? document)?.click();
  const keys = {
    j: () => move(1), k: () => move(-1),
    o: () => press("[data-open]"), Enter: null,
    s: () => press("[data-save]"), "+": () => press("[data-more]"), "-": () => press("[data-less]"),
    m: () => press("[data-read]"), x: () => press("[data-not]"), u: () => one("[data-undo]")?.click(),
    w: () => press("[data-why]"), v: () => press("[data-original]"),
    e: () => { location.href = "/"; }, n: () => { location.href = "/newest"; },
    b: () => { location.href = "/by-source"; }, a: () => { location.href = "/alerts"; },
    "?": () => one("#keys")?.showModal(),
    "/": (event) => { event.preventDefault(); one("input[type=search]")?.focus(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (one("dialog[open]")) return;
    keys[event.key]?.(event);
  });

  // After an act: the focus is where it was, and what was done is read out.
  const done = one("[data-done] span");
  if (done) {
    setTimeout(() => { const says = one("[data-says]"); if (says) says.textContent = done.textContent; }, 300);
    if (location.hash) document.getElementById(location.hash.slice(1))?.focus({ preventScroll: true });
  }

  // Shared: by the system's own way where it has one, else the address is kept ready to be pasted.
  all("[data-share]").forEach((button) => button.addEventListener("click", async (event) => {
    const url = button.dataset.share;
    if (!navigator.share || !url) return;
    event.preventDefault();
    try { await navigator.share({ title: document.title, url }); } catch { return; }
    tell({ story: Number(button.dataset.story), article: number(button.dataset.article), kind: "shared" });
    send();
  }));

  const help = one("[data-keys]");
  if (help) { help.hidden = false; help.addEventListener("click", () => one("#keys").showModal()); }

  // A picture that could not be had is one dot: its place goes, its caption stays.
  const look = (it) => { if (it.naturalWidth <= 1) it.hidden = true; };
  all("img[data-picture], .body img").forEach((it) => {
    if (it.complete && it.naturalWidth) look(it); else it.addEventListener("load", () => look(it), { once: true });
  });

  all("[data-submits]").forEach((it) => {
    it.addEventListener("change", () => it.form.submit());
    const button = one("button", it.form);
    if (button) button.hidden = true;
  });
  const reload = one("[data-reload]");
  if (reload) setTimeout(() => location.reload(), Number(reload.dataset.reload) * 1000);
  const drop = one("[data-drop]");
  if (drop) {
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      one("input[type=file]", drop).files = event.dataTransfer.files;
      drop.submit();
    });
  }
})();
