// What a page must be in a browser, at one width and in one colour scheme. Each check returns a list of offences.

/** No sideways scrolling of the page, folded blocks open or not. */
export async function fits(page) {
  return page.evaluate(() => {
    const wide = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const folded = wide();
    const details = [...document.querySelectorAll('details')];
    details.forEach((block) => { block.open = true; });
    const open = wide();
    details.forEach((block) => { block.open = false; });
    return [[folded, 'folded'], [open, 'open']].filter(([pixels]) => pixels > 0)
      .map(([pixels, how]) => `the page is ${pixels} pixels too wide, blocks ${how}`);
  });
}

/** Each chart draws something that can be seen, inside itself, with letters that can be read. */
export async function drawsMarks(page) {
  return page.evaluate(() => {
    const offences = [];
    for (const figure of document.querySelectorAll('.charts figure')) {
      const title = figure.querySelector('figcaption')?.textContent ?? 'a chart';
      const svg = figure.querySelector('svg');
      const frame = svg.getBoundingClientRect();
      const marks = [...svg.querySelectorAll('.mark, .bar, .line')].map((mark) => mark.getBoundingClientRect());
      if (!marks.some((mark) => mark.width > 2 || mark.height > 2)) offences.push(`${title}: no marks`);
      for (const mark of marks) {
        if (mark.left < frame.left - 1 || mark.right > frame.right + 1 || mark.top < frame.top - 1 ||
            mark.bottom > frame.bottom + 1) offences.push(`${title}: a mark outside the chart`);
      }
      const letters = [...svg.querySelectorAll('text')];
      if (letters.length === 0) offences.push(`${title}: no words`);
      const size = frame.width / svg.viewBox.baseVal.width * 11;
      if (size < 9) offences.push(`${title}: letters of ${size.toFixed(1)} pixels`);
      if (!figure.querySelector('details table tbody tr')) offences.push(`${title}: no table`);
    }
    return offences;
  });
}

/** Each link leads to an element of the page; following one into a folded block shows it. */
export async function linksResolve(page) {
  const offences = await page.evaluate(() => [...document.querySelectorAll('a')]
    .filter((link) => !link.getAttribute('href')?.startsWith('#') ||
                      !document.getElementById(link.getAttribute('href').slice(1)))
    .map((link) => `a link to nowhere: ${link.getAttribute('href')}`));
  const sign = page.locator('.laws td a').first();
  if (offences.length > 0 || await sign.count() === 0) return offences;
  const target = page.locator(await sign.getAttribute('href'));
  await sign.click();
  if (!await target.isVisible()) offences.push('a link into a folded block does not show it');
  await page.evaluate(() => { document.querySelectorAll('details').forEach((block) => { block.open = false; });
                              window.scrollTo(0, 0); });
  return offences;
}

/** Verdict, first finding and replay line are seen before anything is scrolled. */
export async function tellsAtOnce(page) {
  return page.evaluate(() => {
    const offences = [];
    const below = (node) => !node || node.getBoundingClientRect().bottom > window.innerHeight;
    if (below(document.querySelector('header .verdict'))) offences.push('the verdict is below the fold');
    if (!document.querySelector('#findings article')) return offences;
    const card = document.querySelector('header .card');
    if (below(card)) offences.push('the first finding is below the fold');
    if (!card?.textContent.includes('attest replay') && !card?.textContent.includes('attest check'))
      offences.push('the first finding has no line that replays it');
    return offences;
  });
}

/** The table of verdicts shows the verdicts without being scrolled sideways. */
export async function showsVerdicts(page) {
  return page.evaluate(() => [...document.querySelectorAll('#verdicts .badge')]
    .filter((badge) => badge.getBoundingClientRect().right > window.innerWidth)
    .map((badge) => `a verdict beyond the right edge: ${badge.closest('tr')?.textContent.slice(0, 40)}`));
}

/** On paper, folded blocks are open and links for jumping about are gone. */
export async function prints(page) {
  await page.emulateMedia({media: 'print'});
  const offences = await page.evaluate(() => {
    const hidden = [...document.querySelectorAll('details')]
      .filter((block) => [...block.children].some((part) => !part.checkVisibility()));
    const found = hidden.length > 0 ? [`${hidden.length} folded blocks do not print`] : [];
    if (document.querySelector('nav')?.getBoundingClientRect().height > 0) found.push('the list of sections prints');
    return found;
  });
  await page.emulateMedia({media: null});
  return offences;
}

/** Words stand out from what is behind them: WCAG 2.1, level AA, 4.5 to 1. */
export async function canBeRead(page) {
  return page.evaluate(() => {
    const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
    const luminance = ([red, green, blue]) => {
      const linear = [red, green, blue].map((c) => c / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const behind = (node) => {
      for (let at = node; at; at = at.parentElement) {
        const colour = numbers(getComputedStyle(at).backgroundColor);
        if (colour.length === 3 || colour[3] > 0) return colour;
      }
      return [255, 255, 255];
    };
    const offences = new Map();
    for (const node of document.querySelectorAll('p, td, th, a, code, dt, dd, li, summary, .badge, svg text')) {
      const style = getComputedStyle(node);
      const [front, back] = [luminance(numbers(node.closest('svg') ? style.fill : style.color)),
                             luminance(behind(node))].sort((a, b) => b - a);
      const contrast = (front + 0.05) / (back + 0.05);
      if (contrast < 4.5) offences.set(`${node.tagName} ${node.className?.baseVal ?? node.className}`, contrast);
    }
    return [...offences].map(([what, contrast]) => `${what}: a contrast of ${contrast.toFixed(1)}`);
  });
}
