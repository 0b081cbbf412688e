// Staff: the list at /staff, one of them at /staff/:staffId.

import { useParams } from "react-router";
import { MemberView } from "./MemberView";
import { StaffList } from "./StaffList";

export default function StaffPage() {
  const { staffId } = useParams();
  return staffId ? <MemberView key={staffId} staffId={staffId} /> : <StaffList />;
}
