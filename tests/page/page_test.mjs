// Opens pages in headless Chromium, on a phone and on a desk, light and dark: page_test.mjs SHOTS PAGE...
// Writes a screenshot of each into the folder SHOTS. First it shows that each check fails on a page that offends.
import {mkdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {basename, dirname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

import {canBeRead, drawsMarks, fits, linksResolve, prints, showsVerdicts, tellsAtOnce} from './checks.mjs';

// ./attest test page installs it into the build folder.
const {chromium} = createRequire(join(process.env.ATTEST_PAGE_MODULES ?? '.', 'x.js'))('playwright-core');
const checks = {fits, drawsMarks, linksResolve, tellsAtOnce, showsVerdicts, prints, canBeRead};
const views = [{width: 390, height: 844}, {width: 1280, height: 800}];

// One page in one view: what it asks for and complains of, and what the checks say.
async function opened(browser, url, viewport, colorScheme, shot) {
  const context = await browser.newContext({viewport, colorScheme});
  context.setDefaultTimeout(0);  // a busy machine takes its time
  const page = await context.newPage();
  const offences = {requests: [], errors: []};
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) offences.requests.push(request.url());
  });
  page.on('console', (message) => { if (message.type() === 'error') offences.errors.push(message.text()); });
  page.on('pageerror', (error) => offences.errors.push(String(error)));
  await page.goto(url, {waitUntil: 'load'});
  for (const [name, check] of Object.entries(checks)) offences[name] = await check(page);
  if (shot) {
    await page.screenshot({path: `${shot}-top.png`});
    await page.screenshot({path: `${shot}.png`, fullPage: true});
  }
  await context.close();
  return offences;
}

const bad = `<title>t</title><style>p { color: #bbb }</style><div style="width:3000px">wide</div>
<script>throw new Error('x')</script><img src="http://127.0.0.1:9/x.png"><a href="#nowhere">x</a><p>faint</p>
<div class="charts"><figure><figcaption>c</figcaption><svg viewBox="0 0 360 230"></svg></figure></div>
<section id="verdicts"><span class="badge" style="margin-left:2000px">x</span></section>
<section id="findings"><article>f</article></section><details><summary>s</summary><p>x</p></details>`;

async function main() {
  const [shots, ...files] = process.argv.slice(2);
  mkdirSync(shots, {recursive: true});
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--disable-dev-shm-usage', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
    timeout: 0,
  });
  let failures = 0;
  const offences = await opened(browser, `data:text/html,${encodeURIComponent(bad)}`, views[0], 'light');
  for (const [name, found] of Object.entries(offences)) {
    if (found.length > 0) continue;
    console.log(`FAIL the check '${name}' says nothing of a page that offends`);
    ++failures;
  }
  for (const file of files) {
    for (const view of views) {
      for (const scheme of ['light', 'dark']) {
        const where = resolve(file);
        const shot = join(shots, `${basename(dirname(where))}-${view.width}-${scheme}`);
        const found = Object.entries(await opened(browser, pathToFileURL(where).href, view, scheme, shot))
          .flatMap(([name, list]) => list.map((offence) => `${name}: ${offence}`));
        console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${file} at ${view.width} pixels, ${scheme}`);
        found.slice(0, 10).forEach((offence) => console.log(`     ${offence}`));
        failures += found.length;
      }
    }
  }
  await browser.close();
  process.exitCode = failures === 0 && files.length > 0 ? 0 : 1;
}

await main();
