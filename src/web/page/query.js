// What is asked for: the words as they stand in the field, and pictures. The server reads the grammar (docs/query.md);
// its answer's terms say how, and carry the part of the text that each was read from, so that nothing is parsed twice.

const kOperatorAtStart = /^\s*[+-](\s+|$)/;
const kOperatorAtEnd = /(^|\s)[+-]\s*$/;
const kWeightAtEnd = /(^|\s)(\d+\.?\d*|\.\d+)\s*\*\s*$/;
const kWeight = /^(\d+\.?\d*|\.\d+)\s*\*\s*/;

// A term without its sign and weight.
function bodyOf(source) {
  return source.trim().replace(kOperatorAtStart, "").replace(kWeight, "");
}

function term(weight, body) {
  const size = Math.abs(weight);
  return size === 1 ? body : `${Number(size.toFixed(2))}*${body}`;
}

// Appends a term (which may be several, the words) with its sign.
function joined(text, sign, term) {
  if (text === "") return sign < 0 ? `- ${term}` : term;
  return `${text} ${sign < 0 ? "-" : "+"} ${term}`;
}

let uploads = 0;

// A picture of a query is {kind: "item", id, name, weight} or {kind: "upload", field, token, file, name, weight}: the token
// is null until the server has seen the file; file and name are null where only the token is known, from the page's address.
export function itemPicture(id, name, weight = 1) {
  return { kind: "item", id, name, weight };
}

export function uploadPicture(file, weight = 1) {
  uploads += 1;
  return { kind: "upload", field: `picture-${uploads}`, token: null, file, name: file.name, weight };
}

function reference(picture) {
  if (picture.kind === "item") return `item:${picture.id}`;
  return picture.token ?? `upload:${picture.field}`;
}

export class Query {
  constructor(words = "", pictures = []) {
    this.words = words;
    this.pictures = pictures;
  }

  // The query that the server read `terms` from: stored and uploaded pictures become pictures of their own.
  static fromTerms(terms) {
    const pictures = terms.filter(({ kind }) => kind !== "text").map(({ kind, item, name, upload, weight }) =>
      kind === "item" ? itemPicture(item, name, weight) : { kind, field: null, token: upload, file: null, name: null, weight });
    const words = terms.filter(({ kind }) => kind === "text").map(({ source }) => source.trim()).join(" ");
    return new Query(words.replace(/^\+\s+/, ""), pictures);
  }

  // The words without a sign and weight at the end that wait for their term, as while typing "beach - 2*".
  get settledWords() {
    return this.words.replace(kWeightAtEnd, "").replace(kOperatorAtEnd, "").trim();
  }

  get empty() {
    return this.settledWords === "" && this.pictures.length === 0;
  }

  // Pictures to add come before the words and those to take away behind them, so that words may begin with a sign.
  ordered() {
    return {
      before: this.pictures.filter(({ weight }) => weight > 0),
      after: this.pictures.filter(({ weight }) => weight < 0),
    };
  }

  // The text for `q`.
  compose() {
    const { before, after } = this.ordered();
    let text = "";
    for (const picture of before) text = joined(text, 1, term(picture.weight, reference(picture)));
    const words = this.settledWords;
    if (words !== "") text = text !== "" && kOperatorAtStart.test(words) ? `${text} ${words}` : joined(text, 1, words);
    for (const picture of after) text = joined(text, -1, term(picture.weight, reference(picture)));
    return text;
  }

  // Pictures that the server has not seen yet.
  unsent() {
    return this.pictures.filter(({ kind, token }) => kind === "upload" && token === null);
  }

  // Of an answer's terms, those that were read from the words.
  wordTerms(terms) {
    const { before, after } = this.ordered();
    return terms.slice(before.length, terms.length - after.length);
  }
}

// The words, with the term at `index` of `terms` given another weight (negative: to leave out), or removed (0).
export function reweighed(terms, index, weight) {
  let text = "";
  terms.forEach((one, at) => {
    const now = at === index ? weight : one.weight;
    if (now !== 0) text = joined(text, now, term(now, bodyOf(one.source)));
  });
  return text;
}
