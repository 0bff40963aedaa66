// A query: the words in the search field, and pictures. Only the server parses the grammar (docs/query.md); the terms in
// its answer contain their source text, so that the page need not parse it again.

const kOperatorAtStart = /^\s*[+-](\s+|$)/;
const kOperatorAtEnd = /(^|\s)[+-]\s*$/;
const kWeightAtEnd = /(^|\s)(\d+\.?\d*|\.\d+)\s*\*\s*$/;
const kWeight = /^(\d+\.?\d*|\.\d+)\s*\*\s*/;

// Returns a term without its sign and weight.
function bodyOf(source) {
  return source.trim().replace(kOperatorAtStart, "").replace(kWeight, "");
}

function term(weight, body) {
  const size = Math.abs(weight);
  return size === 1 ? body : `${Number(size.toFixed(2))}*${body}`;
}

// Appends a term with its sign; `term` may also be the words, which can contain several terms.
function joined(text, sign, term) {
  if (text === "") return sign < 0 ? `- ${term}` : term;
  return `${text} ${sign < 0 ? "-" : "+"} ${term}`;
}

let uploads = 0;

// A picture of a query is {kind: "item", id, name, weight} or {kind: "upload", field, token, file, name, weight}. The token
// is null until the file is uploaded; file and name are null if only the token is known, from the page's address.
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

  // Restores a query from the terms of the server's answer, with stored and uploaded pictures separate from the words.
  static fromTerms(terms) {
    const pictures = terms.filter(({ kind }) => kind !== "text").map(({ kind, item, name, upload, weight }) =>
      kind === "item" ? itemPicture(item, name, weight) : { kind, field: null, token: upload, file: null, name: null, weight });
    const words = terms.filter(({ kind }) => kind === "text").map(({ source }) => source.trim()).join(" ");
    return new Query(words.replace(/^\+\s+/, ""), pictures);
  }

  // The words without an incomplete sign and weight at the end, as in "beach - 2*" during typing.
  get settledWords() {
    return this.words.replace(kWeightAtEnd, "").replace(kOperatorAtEnd, "").trim();
  }

  get empty() {
    return this.settledWords === "" && this.pictures.length === 0;
  }

  // Pictures with a positive weight come before the words and others after them, so that the words may begin with a sign.
  ordered() {
    return {
      before: this.pictures.filter(({ weight }) => weight > 0),
      after: this.pictures.filter(({ weight }) => weight < 0),
    };
  }

  // Returns the text for the parameter q.
  compose() {
    const { before, after } = this.ordered();
    let text = "";
    for (const picture of before) text = joined(text, 1, term(picture.weight, reference(picture)));
    const words = this.settledWords;
    if (words !== "") text = text !== "" && kOperatorAtStart.test(words) ? `${text} ${words}` : joined(text, 1, words);
    for (const picture of after) text = joined(text, -1, term(picture.weight, reference(picture)));
    return text;
  }

  // Returns the pictures that are not uploaded yet.
  unsent() {
    return this.pictures.filter(({ kind, token }) => kind === "upload" && token === null);
  }

  // Returns those terms of an answer that come from the words.
  wordTerms(terms) {
    const { before, after } = this.ordered();
    return terms.slice(before.length, terms.length - after.length);
  }
}

// Returns the words with another weight for the term at `index` of `terms` (negative: exclude, 0: remove the term).
export function reweighted(terms, index, weight) {
  let text = "";
  terms.forEach((one, at) => {
    const now = at === index ? weight : one.weight;
    if (now !== 0) text = joined(text, now, term(now, bodyOf(one.source)));
  });
  return text;
}
