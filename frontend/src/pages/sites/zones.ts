// The time zones to choose from: all that the browser knows, and the usual ones by the name people know.

const USUAL = ["Asia/Ho_Chi_Minh", "Asia/Bangkok", "Asia/Singapore", "Asia/Tokyo", "Europe/Berlin", "UTC"];
/** Names that browsers still give for zones that are called otherwise today. */
const OLD_NAMES: Readonly<Record<string, string>> = { "Asia/Saigon": "Asia/Ho_Chi_Minh" };

/** The zone of this browser, by the name the gateway knows. */
export function ownZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "Asia/Ho_Chi_Minh";
  return OLD_NAMES[zone] ?? zone;
}

/** Every zone once, the usual ones first. */
export function allZones(): readonly string[] {
  const known = Intl.supportedValuesOf("timeZone").map((zone) => OLD_NAMES[zone] ?? zone);
  return [...new Set([...USUAL, ...known])];
}

/** What its clocks show now, as `21:40`. */
export function clockIn(zone: string, now: Date): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(now);
}
