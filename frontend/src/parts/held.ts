// Whether something that was entered, or is shown only once, would be lost if everything went now. Told by what asks
// before leaving (`leaving.ts`); apart from that, since the frame around every page looks here and never asks itself.

type MayGo = () => Promise<boolean>;
const holders = new Map<() => boolean, MayGo>();

/** From now on `holds` says whether something would be lost, and `mayGo` asks whether it may; returns what ends that. */
export function hold(holds: () => boolean, mayGo: MayGo): () => void {
  holders.set(holds, mayGo);
  return () => holders.delete(holds);
}

/** Whether anything would be lost. */
export function isHeld(): boolean {
  return [...holders.keys()].some((holds) => holds());
}

/** Ask for all that would be lost whether it may go; true where there is nothing. */
export async function mayAllGo(): Promise<boolean> {
  for (const [holds, mayGo] of [...holders]) if (holds() && !(await mayGo())) return false;
  return true;
}
