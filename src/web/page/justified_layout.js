// Where each picture of a long list lies: rows of equal width, each picture at its own proportions, so that nothing
// is cut off and a row is read from left to right as best to worst. Pure arithmetic, no element is touched, so that
// ten thousand pictures are laid out in a few milliseconds and only those in sight become elements (grid.js).

// Narrower or wider pictures are shown cut to this: a panorama would otherwise leave no room for others in its row,
// and a narrow strip none for its caption.
const kNarrowest = 0.72;
const kWidest = 2.4;

export function shownAspect(width, height) {
  if (!(width > 0 && height > 0)) return 1;
  return Math.min(kWidest, Math.max(kNarrowest, width / height));
}

// One past the last picture of the row that begins at `first`: as many as bring its height nearest to the wanted one.
function rowEnd(aspects, first, end, { width, gap, height }) {
  let sum = 0;
  let before = Infinity; // the row's height without the picture at hand
  for (let index = first; index < end; ++index) {
    sum += aspects[index];
    const now = (width - gap * (index - first)) / sum;
    if (now <= height) return index > first && before / height < height / now ? index : index + 1;
    before = now;
  }
  return end;
}

// Fills rows with `aspects` (width divided by height) from `start` to before `end`. A row has its first and one-past-last
// index, its top and its pictures' height, and each picture's left and width; all in CSS pixels.
function fillRows(rows, aspects, start, end, top, options) {
  const { width, gap, height, caption } = options;
  for (let first = start; first < end; first = rows.at(-1).end) {
    const row = { first, end: rowEnd(aspects, first, end, options), top, lefts: [], widths: [] };
    const pictures = aspects.slice(first, row.end);
    const full = (width - gap * (pictures.length - 1)) / pictures.reduce((sum, aspect) => sum + aspect, 0);
    // The last row keeps the usual height instead of blowing up its few pictures.
    row.height = row.end === end ? Math.min(height, full) : full;
    let left = 0;
    for (const aspect of pictures) {
      row.lefts.push(left);
      row.widths.push(aspect * row.height);
      left += aspect * row.height + gap;
    }
    rows.push(row);
    top += row.height + caption + gap;
  }
  return top;
}

// options: width of the whole, gap between pictures, height that rows aim at, caption's height below each picture,
// and sections [{start, heading}] in ascending order of start: where a group begins and how high its heading is.
// Returns the rows, the headings' tops and the height of it all.
export function layOut(aspects, options) {
  const rows = [];
  const headings = [];
  let top = 0;
  for (const [index, section] of options.sections.entries()) {
    const end = options.sections[index + 1]?.start ?? aspects.length;
    headings.push(top);
    top = fillRows(rows, aspects, section.start, end, top + section.heading, options);
  }
  return { rows, headings, height: top };
}

// The index of the first row whose lower edge is below `y`, by halving.
export function rowAt(rows, y, caption) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].top + rows[middle].height + caption <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The picture one row above (-1) or below (1) the one at `index` whose middle is nearest to its own.
export function neighbour(rows, index, direction) {
  const at = rows.findIndex((row) => index < row.end);
  const target = rows[at + direction];
  if (!target) return index;
  const own = rows[at].lefts[index - rows[at].first] + rows[at].widths[index - rows[at].first] / 2;
  let best = target.first;
  let distance = Infinity;
  for (let picture = target.first; picture < target.end; ++picture) {
    const middle = target.lefts[picture - target.first] + target.widths[picture - target.first] / 2;
    if (Math.abs(middle - own) < distance) {
      distance = Math.abs(middle - own);
      best = picture;
    }
  }
  return best;
}
