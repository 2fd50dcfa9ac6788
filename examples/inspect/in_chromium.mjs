// Looks at what the inspect example writes, in a real Chromium without a window.
//
//     node in_chromium.mjs page PAGE.html SCREENSHOT.png
//     node in_chromium.mjs devtools FILE.heapsnapshot SCREENSHOT.png
//
// `page`: the page opens without an error and without the network, a node of the graph can be clicked, and
// its referrers show. `devtools`: the Memory tab of DevTools loads the file and shows its types, with
// their retained sizes, and the fields that hold an object.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [what, file, screenshot] = process.argv.slice(2);
const PORT = 9333;
const profile = mkdtempSync(join(tmpdir(), "profile-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  viewport: { width: 1500, height: 1000 },
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", `--remote-debugging-port=${PORT}`, "--remote-allow-origins=*",
  ],
});
try {
  await { page: lookAtPage, devtools: lookInDevTools }[what]();
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}

async function lookAtPage() {
  const page = await browser.newPage();
  const errors = [], requests = [];
  page.on("pageerror", error => errors.push(error.message));
  page.on("request", request => requests.push(request.url()));
  const url = pathToFileURL(resolve(file)).href;
  await page.goto(url);
  await page.waitForFunction(() => window.inspector?.graph.nodes().length > 10);

  // The end of the path to the leak is drawn; it is clicked where it is drawn.
  const target = await page.evaluate(() => {
    const { heap, graph } = window.inspector;
    const n = heap.path.at(-1), node = graph.getElementById("n" + n), box = graph.container().getBoundingClientRect();
    graph.center(node).zoom({ level: 2, position: node.position() }).center(node);
    const at = node.renderedPosition();
    return { n, x: box.x + at.x, y: box.y + at.y, name: heap.types[heap.objects[n][0]] + " " + n };
  });
  await page.waitForTimeout(300);
  await page.mouse.click(target.x, target.y);
  await page.waitForSelector("#referrers a");
  assert.equal(await page.textContent("#object h2"), target.name);
  const referrers = await page.locator("#referrers li").allTextContents();
  const expected = await page.evaluate(n => window.inspector.heap.edges.filter(edge => edge[2] === n).length, target.n);
  assert.equal(referrers.length, expected);
  assert.match(referrers.join(), /Node \d+\.last/);
  assert.match(await page.textContent("#why"), /History\.visited\[0\] → Node\.last → Node/);
  assert.ok(await page.locator("#types tbody tr").count() >= 3);
  assert.ok(await page.locator("#pauses line.pause").count() >= 10);
  // A referrer can be gone to.
  await page.locator("#referrers a").first().click();
  assert.notEqual(await page.textContent("#object h2"), target.name);
  await page.evaluate(() => window.inspector.graph.fit());
  await page.screenshot({ path: screenshot });
  assert.deepEqual(errors, []);
  assert.deepEqual(requests, [url]);
  console.log(`page: ${target.name} has ${referrers.length} referrers`);
}

async function lookInDevTools() {
  const counts = JSON.parse(readFileSync(file, "utf8")).snapshot;
  const blank = await browser.newPage();
  await blank.goto("about:blank");
  const targets = await (await fetch(`http://127.0.0.1:${PORT}/json`)).json();
  const { id } = targets.find(target => target.type === "page");
  const devtools = await browser.newPage();
  const ws = `127.0.0.1:${PORT}/devtools/page/${id}`;
  await devtools.goto(`devtools://devtools/bundled/devtools_app.html?ws=${ws}&panel=heap-profiler`);
  const chooser = devtools.waitForEvent("filechooser", { timeout: 60_000 });
  await devtools.getByRole("button", { name: /^Load/ }).first().click({ timeout: 60_000 });
  await (await chooser).setFiles(file);
  // It is listed under its name, with its size as soon as it is loaded, and opens by a click. A click that
  // comes too early shows an empty view, so the launcher is gone back to and it is clicked once more.
  const entry = devtools.locator(".heap-snapshot-sidebar-tree-item", { hasText: /\d\s*[kM]?B/ });
  const row = devtools.locator(".data-grid tr", { hasText: "History" }).first();
  await entry.waitFor({ timeout: 60_000 });
  for (let attempt = 1; ; attempt++) {
    await entry.click({ timeout: 60_000 });
    const shown = await row.waitFor({ timeout: 10_000 }).then(() => true, () => false);
    if (shown) break;
    assert.ok(attempt < 6, "the snapshot is listed, and does not open");
    await devtools.locator(".profile-launcher-view-tree-item").click();
  }
  const text = await devtools.locator(".data-grid").first().innerText();
  assert.match(text, /Node/);
  assert.doesNotMatch(await devtools.locator("body").innerText(), /unreachable from the root/);
  // Its instance, opened, shows the fields by name; and the retainers hang below.
  await row.click();
  await devtools.keyboard.press("ArrowRight");
  await devtools.waitForTimeout(1000);
  await devtools.keyboard.press("ArrowDown");
  await devtools.keyboard.press("ArrowRight");
  await devtools.getByText("visited[0]").first().waitFor({ timeout: 60_000 });
  await devtools.screenshot({ path: screenshot });
  console.log(`devtools: ${counts.node_count} nodes, ${counts.edge_count} edges`);
}
