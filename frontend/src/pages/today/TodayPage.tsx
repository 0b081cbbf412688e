// Today at the door.

import { menuWords } from "@/app/words";
import { PageHead } from "@/parts/PageHead";
import { useWords } from "@/words/words";

export default function TodayPage() {
  const words = useWords(menuWords);
  return <PageHead title={words.pages.today} />;
}
