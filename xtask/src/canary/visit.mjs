// Opens pages in Chromium and says in which of them a script ran that nobody of ours wrote.
// node visit.mjs FOLDER-WITH-PLAYWRIGHT CHROMIUM BASE TABS < pages (a JSON object a line: id, path, scope) > what fired
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const [folder, executablePath, base, tabs] = process.argv.slice(2);
const { chromium } = createRequire(join(folder, 'x.js'))('playwright-core');

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
  '--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage',
  // No name leads anywhere.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
const browser = await chromium.launch({ executablePath, args: flags });

// What payloads call; each tells on them.
const canaries = () => {
  for (const name of ['alert', 'prompt', 'confirm', 'print']) {
    const tell = () => { if (window.__canary) window.__canary(name); return null; };
    try { Object.defineProperty(window, name, { value: tell, writable: false, configurable: false }); } catch { window[name] = tell; }
  }
};

// Everything is pointed at, focused and clicked.
const poke = (scope) => {
  const events = ['mouseover', 'mouseenter', 'mousemove', 'mouseout', 'mousedown', 'mouseup', 'dblclick', 'contextmenu',
    'focus', 'focusin', 'blur', 'keydown', 'keypress', 'keyup', 'input', 'change', 'submit', 'toggle', 'wheel', 'scroll',
    'pointerover', 'copy', 'paste', 'animationstart'];
  for (const element of document.querySelectorAll(scope)) {
    for (const type of events) { try { element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true })); } catch {} }
    try { element.focus(); } catch {}
    try { element.click(); } catch {}
  }
};

// A page that hangs must not hold up all others.
const within = (milliseconds, work) => {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error('took too long')), milliseconds); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

// A tab of its own, and what ran in it.
async function fresh() {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const tab = { context, fired: [] };
  await context.exposeBinding('__canary', (_, what) => { tab.fired.push(what); });
  await context.addInitScript(canaries);
  await context.route('**/*', (route) => {
    const url = route.request().url();
    // Pictures would make the server ask the web for them.
    const ours = url.startsWith(base) && !url.startsWith(base + '/image');
    return (ours ? route.continue() : route.abort()).catch(() => {});
  });
  tab.page = await context.newPage();
  tab.page.on('dialog', (dialog) => dialog.dismiss().catch(() => {}));
  // Windows that a click opened.
  context.on('page', (other) => { other.close().catch(() => {}); });
  return tab;
}

async function visits(next) {
  let tab = await within(60000, fresh());
  for (let it = next(); it; it = next()) {
    let [fired, status] = [[], 0];
    // A link that was clicked at the end of one page may still lead away from the next: then once more, in a fresh tab.
    for (let tries = 0; tries < 3 && typeof status !== 'number' || tries === 0; tries++) {
      status = 0;
      tab.fired = [];
      try {
        await within(30000, (async () => {
          const answer = await tab.page.goto(base + it.path, { waitUntil: 'load', timeout: 15000 });
          status = answer ? answer.status() : 0;
          await tab.page.evaluate(poke, it.scope);
          await tab.page.waitForTimeout(it.wait ?? 20);
        })());
      } catch (error) {
        const late = error.message === 'took too long';
        if (!status || late) status = String(error).split('\n')[0].slice(0, 120);
        const old = tab;
        old.context.close().catch(() => {});
        tab = await within(60000, fresh());
        fired.push(...old.fired);
        continue;
      }
      fired.push(...tab.fired);
    }
    process.stdout.write(JSON.stringify({ id: it.id, status, fired }) + '\n');
  }
  await within(10000, tab.context.close()).catch(() => {});
}

const pages = [];
for await (const line of createInterface({ input: process.stdin })) if (line) pages.push(JSON.parse(line));
let at = 0;
const next = () => pages[at++];
await Promise.all(Array.from({ length: Number(tabs) }, () => visits(next)));
await within(10000, browser.close()).catch(() => {});
process.exit(0);
