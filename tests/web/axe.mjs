// What axe-core has against a page.

import axe from 'axe-core';
import { settled } from './stage.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What was said before the last few turns, which was looked at when it was new. */
const EARLIER = { exclude: [{ fromShadowDom: ['shop-talk', '.turn:not(:nth-last-child(-n + 5))'] }] };

/** What axe-core has against the page, a line each. @param {any} page @param {'all' | 'newest'} [turns] of the conversation, all or the newest */
export async function violations(page, turns = 'all') {
  // Colours in the middle of a fade are no colours to judge.
  await settled(page);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(([within, tags]) => window.axe.run(within ?? document, { runOnly: { type: 'tag', values: tags } }), [turns === 'newest' ? EARLIER : null, TAGS]);
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.flat().join(' ')}: ${node.any.concat(node.all, node.none)[0]?.message ?? ''}`));
}
