// Visits: the list at /visits, one of them at /visits/:visitId.

import { useParams } from "react-router";
import { VisitDetailView } from "./VisitDetailView";
import { VisitList } from "./VisitList";

export default function VisitsPage() {
  const { visitId } = useParams();
  return visitId ? <VisitDetailView key={visitId} visitId={visitId} /> : <VisitList />;
}
