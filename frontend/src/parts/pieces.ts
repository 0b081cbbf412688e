// Where a word without blanks may be broken: an e-mail after its @, an address of the web after a slash.

const PIECE = /(?:[^@/_.]|\.(?![^@/_.]{4}))+(?:[@/_]+|\.|$)|[@/_.]+/g;

/** The pieces of such a word; a dot ends one only before what is longer than most endings of a domain. */
export function piecesOf(word: string): readonly string[] {
  return word.match(PIECE) ?? [];
}
