// How people are named and where their faces are asked for, alike on every page.

import { gateway } from "@/api/client";
import { answered } from "@/api/resource";
import { useWords } from "@/words/words";
import { peopleWords } from "./words";

interface Named {
  readonly name: string | null;
  readonly handle: string;
}

/** A customer's name, or what they are called by who never gave one; null is nobody. */
export function useNameOf(): (customer: Named | null) => string {
  const words = useWords(peopleWords);
  return (customer) => (customer ? (customer.name ?? words.customer(customer.handle)) : words.nobody);
}

/** Asks for the link to a visit's best picture; each look is noted. */
export async function askVisitFace(visitId: string): Promise<{ url: string }> {
  const path = { visit_id: visitId };
  return (await answered(gateway.GET("/v1/visits/{visit_id}/face", { params: { path } }))).value;
}

/** Asks for the link to a customer's latest picture; each look is noted. */
export async function askCustomerFace(customerId: string): Promise<{ url: string }> {
  const path = { customer_id: customerId };
  return (await answered(gateway.GET("/v1/customers/{customer_id}/face", { params: { path } }))).value;
}
