// Customers: the list, the proposals to merge, the search by selfie, and one customer.

import { Route, Routes, useParams } from "react-router";
import { CustomerList } from "./CustomerList";
import { CustomerView } from "./CustomerView";
import { FindBySelfie } from "./FindBySelfie";
import { MergeProposals } from "./MergeProposals";

export default function CustomersPage() {
  return (
    <Routes>
      <Route index element={<CustomerList />} />
      <Route path="merges" element={<MergeProposals />} />
      <Route path="find" element={<FindBySelfie />} />
      <Route path=":customerId" element={<OneCustomer />} />
    </Routes>
  );
}

function OneCustomer() {
  const { customerId = "" } = useParams();
  return <CustomerView key={customerId} customerId={customerId} />;
}
