// A word without blanks, as an e-mail or an address of the web: broken where a reader would, elsewhere only if it must.

import { Fragment } from "react";
import { piecesOf } from "./pieces";

export function LongWord({ children }: { readonly children: string }) {
  return (
    <span className="[overflow-wrap:anywhere]">
      {piecesOf(children).map((piece, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a word have no other name than their place
        <Fragment key={at}>
          {piece}
          <wbr />
        </Fragment>
      ))}
    </span>
  );
}
