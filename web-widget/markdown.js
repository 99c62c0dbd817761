/** @import { Child } from './dom.js' */
import { h, link } from './dom.js';

// The subset that replies may use: **strong**, *emphasis*, [label](address), bare addresses,
// lists with `- `, a blank line between paragraphs. All else is plain text.

const INLINE =
  /\*\*(?=\S)([^*]+?)(?<=\S)\*\*|\*(?=\S)([^*]+?)(?<=\S)\*|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>]*[^\s<>.,;:!?)])/g;

/** @param {string} text @param {string} newTab @returns {Child[]} */
function inline(text, newTab) {
  /** @type {Child[]} */
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, strong, emphasis, label, address, bare] = found;
    nodes.push(text.slice(from, found.index));
    if (strong) nodes.push(h('strong', {}, ...inline(strong, newTab)));
    else if (emphasis) nodes.push(h('em', {}, ...inline(emphasis, newTab)));
    else if (label) nodes.push(link(address, newTab, {}, label));
    else nodes.push(link(bare, newTab, {}, bare));
    from = found.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

/** @param {string} line */
const isItem = (line) => /^\s*[-•] /.test(line);

/**
 * @param {string} text
 * @param {string} newTab words added for links that open a new tab
 * @returns {HTMLElement[]} paragraphs and lists
 */
export function markdown(text, newTab) {
  return text.split(/\n\s*\n/).flatMap((part) => {
    const lines = part.split('\n').filter((line) => line.trim());
    /** Neighbouring lines of one kind. @type {string[][]} */
    const runs = [];
    for (const line of lines) {
      const run = runs.at(-1);
      if (run && isItem(run[0] ?? '') === isItem(line)) run.push(line);
      else runs.push([line]);
    }
    return runs.map((run) => (isItem(run[0] ?? '') ? list(run, newTab) : paragraph(run, newTab)));
  });
}

/** @param {string[]} lines @param {string} newTab */
function list(lines, newTab) {
  return h('ul', {}, ...lines.map((line) => h('li', {}, ...inline(line.replace(/^\s*[-•] /, ''), newTab))));
}

/** @param {string[]} lines @param {string} newTab */
function paragraph(lines, newTab) {
  return h('p', {}, ...lines.flatMap((line, at) => [...(at ? [h('br')] : []), ...inline(line, newTab)]));
}
