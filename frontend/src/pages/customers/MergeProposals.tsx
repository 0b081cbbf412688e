// Pairs of customers who may be one person, side by side, for a human to decide; both answers can be undone.

import { ArrowLeftOutlined } from "@ant-design/icons";
import { Alert, Button, Card, Typography } from "antd";
import { Link } from "react-router";
import { api } from "@/api/client";
import { problemOf } from "@/api/problem";
import type { MergeProposal } from "@/api/schema";
import { useMay } from "@/app/session";
import { Face } from "@/parts/Face";
import { Refusal } from "@/parts/forms";
import { PageHead } from "@/parts/PageHead";
import { Failed, Loading, NothingYet } from "@/parts/PageState";
import { CustomerCard } from "@/parts/people/CustomerCard";
import { useCorrected } from "@/parts/people/correcting";
import { useNameOf } from "@/parts/people/naming";
import { useWords } from "@/words/words";
import { customersWords } from "./words";

const SHOWN = 10; // each shows two faces, and each look is noted

export function MergeProposals() {
  const words = useWords(customersWords);
  const proposals = api.useQuery("get", "/v1/merge-proposals", { params: { query: { limit: SHOWN } } });
  return (
    <>
      <Link to="/customers" className="mb-2 inline-flex items-center gap-1">
        <ArrowLeftOutlined aria-hidden /> {words.back}
      </Link>
      <PageHead title={words.mergesTitle} />
      <Typography.Paragraph type="secondary">{words.mergesHelp}</Typography.Paragraph>
      {proposals.isPending ? (
        <Loading />
      ) : proposals.error ? (
        <Failed problem={problemOf(proposals.error)} onRetry={() => void proposals.refetch()} />
      ) : proposals.data.items.length === 0 ? (
        <NothingYet say={words.mergesEmpty} />
      ) : (
        <ul
          aria-label={words.mergesLabel}
          className="m-0 grid list-none gap-4 p-0 xl:grid-cols-2 min-[2200px]:grid-cols-3"
        >
          {proposals.data.items.map((one) => (
            <li key={one.proposal_id}>
              <Proposal proposal={one} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Proposal({ proposal }: { readonly proposal: MergeProposal }) {
  const words = useWords(customersWords);
  const mayDecide = useMay("customers.correct");
  const corrected = useCorrected();
  const path = { proposal_id: proposal.proposal_id };
  const answer = api.useMutation("post", "/v1/merge-proposals/{proposal_id}", { onSuccess: corrected });
  const decide = (decision: "merge" | "refuse") => answer.mutate({ params: { path }, body: { decision } });
  return (
    <Card data-proposal={proposal.proposal_id}>
      <Alert type="info" showIcon className="!mb-4" title={words.doubts[proposal.reason]} />
      <Pair proposal={proposal} />
      <div className="mt-4">
        <Refusal failure={answer.error} />
        {mayDecide && (
          <div className="flex flex-wrap justify-end gap-2">
            <Button disabled={answer.isPending} onClick={() => decide("refuse")}>
              {words.refuse}
            </Button>
            <Button type="primary" loading={answer.isPending} onClick={() => decide("merge")}>
              {words.accept}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

function Pair({ proposal }: { readonly proposal: MergeProposal }) {
  const maySee = useMay("faces.see");
  const path = { proposal_id: proposal.proposal_id };
  const faces = api.useQuery(
    "get",
    "/v1/merge-proposals/{proposal_id}/faces",
    { params: { path } },
    { enabled: maySee, staleTime: 240_000 },
  );
  return (
    <div className="grid grid-cols-2 gap-2 sm:gap-3">
      <One customerId={proposal.one_id} url={faces.data?.one?.url} />
      <One customerId={proposal.other_id} url={faces.data?.other?.url} />
    </div>
  );
}

function One({ customerId, url }: { readonly customerId: string; readonly url: string | undefined }) {
  const nameOf = useNameOf();
  const path = { customer_id: customerId };
  const customer = api.useQuery("get", "/v1/customers/{customer_id}", { params: { path } });
  if (customer.isPending) return <Loading />;
  if (customer.error) return <Failed problem={problemOf(customer.error)} />;
  return (
    <CustomerCard
      customer={customer.data}
      face={
        <Face
          who={nameOf(customer.data)}
          of={url ? ["link", url] : undefined}
          ask={async () => ({ url: url ?? "" })}
          size={104}
        />
      }
    />
  );
}
