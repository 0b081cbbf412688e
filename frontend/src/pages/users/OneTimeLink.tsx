// The link of an invitation or a forgotten password, to hand over.

import type { InvitedUser } from "@/api/schema";
import { Once } from "@/parts/Once";
import { useWords } from "@/words/words";
import { usersWords } from "./words";

/** The link that lets somebody choose a password; a bare path stands for this portal's address. */
export function OneTimeLink({ user, onClose }: { readonly user: InvitedUser; readonly onClose: () => void }) {
  const words = useWords(usersWords);
  const say = user.mailed ? words.linkMailed : words.linkByHand;
  const whole = new URL(user.link, location.origin).href;
  return <Once title={words.link} say={say(user.email)} secret={whole} onClose={onClose} />;
}
