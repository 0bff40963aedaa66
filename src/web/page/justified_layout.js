// Justified layout of a long list of pictures: rows of equal width in which every picture keeps its aspect ratio, so that
// nothing is cropped and a row reads from best to worst. The layout is computed without touching elements: ten thousand
// pictures take a few milliseconds, and grid.js creates elements only for the visible ones.

// Pictures with a more extreme aspect ratio are cropped to these limits: a panorama would leave no room for others in its
// row, and a narrow strip no room for its caption.
const kNarrowest = 0.72;
const kWidest = 2.4;

export function shownAspect(width, height) {
  if (!(width > 0 && height > 0)) return 1;
  return Math.min(kWidest, Math.max(kNarrowest, width / height));
}

// Returns the end of the row that begins at `first` (one past its last picture): the row whose height is nearest to
// the target height.
function rowEnd(aspects, first, end, { width, gap, height }) {
  let sum = 0;
  let before = Infinity; // the row's height without the picture at `index`
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

// options: total width, gap between pictures, target height of a row, caption height below each picture, and sections
// [{start, heading}] in ascending order of start: the first picture of a group and the height of its heading.
// Returns the rows, the tops of the headings and the total height.
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

// Returns the index of the first row whose lower edge is below `y`, by binary search.
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

// Returns the picture `direction` rows away from the one at `index` (negative: above) whose centre is nearest to its own.
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
