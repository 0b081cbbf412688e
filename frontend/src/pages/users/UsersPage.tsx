// Who may come in as what: invite, change the role or a manager's sites, help who is locked out, remove.

import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, Tag, Typography } from "antd";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { api } from "@/api/client";
import type { InvitedUser, User } from "@/api/schema";
import { useMay, useMe } from "@/app/session";
import { Choice } from "@/parts/Choice";
import { Download } from "@/parts/Download";
import { BY_CURSOR, Listing } from "@/parts/Listing";
import { LongWord } from "@/parts/LongWord";
import { PageHead } from "@/parts/PageHead";
import { roleWords } from "@/parts/roles";
import { SearchField } from "@/parts/SearchField";
import { given, useUrlFilters } from "@/parts/url";
import { sharedWords } from "@/parts/words";
import { useChainZone } from "@/parts/zone";
import { useFormat } from "@/words/format";
import { useWords } from "@/words/words";
import { InviteForm } from "./InviteForm";
import { OneTimeLink } from "./OneTimeLink";
import { SiteNames } from "./SitesField";
import { UserDrawer } from "./UserDrawer";
import { usersWords } from "./words";

type Role = User["role"];

export default function UsersPage() {
  const words = useWords(usersWords);
  const shared = useWords(sharedWords);
  const roles = useWords(roleWords);
  const format = useFormat();
  const zone = useChainZone();
  const mayChange = useMay("users.change");
  const navigate = useNavigate();
  const { userId } = useParams();
  const [filters, setFilters] = useUrlFilters(["q", "role"]);
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<InvitedUser>();
  const query = {
    ...given("q", filters.q),
    ...(filters.role in roles ? { role: filters.role as Role } : {}),
  };
  const users = api.useInfiniteQuery("get", "/v1/users", { params: { query } }, BY_CURSOR);
  return (
    <>
      <PageHead title={words.title}>
        <Download path="/v1/users" query={{ ...query, format: "csv" }} label={shared.export} />
        {mayChange && (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setInviting(true)}>
            {words.invite}
          </Button>
        )}
      </PageHead>
      <div className="mb-4 flex flex-wrap gap-2 max-sm:[&>*]:grow">
        <SearchField value={filters.q} label={shared.search} onSearch={(q) => setFilters({ q })} />
        <Choice
          label={words.role}
          any={words.anyRole}
          value={filters.role}
          choices={roles}
          onChange={(role) => setFilters({ role })}
        />
      </div>
      <Listing<User>
        pages={users}
        keyOf={(user) => user.user_id}
        label={words.title}
        empty={filters.q || filters.role ? words.none : words.empty}
        columns={[
          { title: words.email, render: (_, user) => <Email user={user} /> },
          { title: words.role, render: (_, user) => roles[user.role] },
          { title: words.sites, render: (_, user) => <SiteNames siteIds={user.site_ids} /> },
          { title: words.state, render: (_, user) => <State user={user} /> },
          {
            title: words.factor,
            render: (_, user) => (user.second_factor ? shared.yes : shared.no),
          },
          { title: words.added, render: (_, user) => format.date(user.created_at, zone) },
        ]}
        card={(user) => (
          <Card size="small">
            <Email user={user} />
            <div className="mt-1 flex flex-wrap items-center gap-2">
              <Typography.Text type="secondary">{roles[user.role]}</Typography.Text>
              <State user={user} />
            </div>
          </Card>
        )}
      />
      {inviting && (
        <InviteForm
          onClose={() => setInviting(false)}
          onInvited={(user) => {
            setInviting(false);
            setLink(user);
          }}
        />
      )}
      {userId && (
        <UserDrawer
          userId={userId}
          onLink={setLink}
          onClose={() => void navigate({ pathname: "/users", search: location.search })}
        />
      )}
      {link && <OneTimeLink user={link} onClose={() => setLink(undefined)} />}
    </>
  );
}

function Email({ user }: { readonly user: User }) {
  const words = useWords(usersWords);
  const me = useMe();
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Link to={{ pathname: `/users/${user.user_id}`, search: location.search }}>
        <LongWord>{user.email}</LongWord>
      </Link>
      {user.user_id === me.user_id && <Tag>{words.you}</Tag>}
    </span>
  );
}

function State({ user }: { readonly user: User }) {
  const words = useWords(usersWords);
  return <Tag color={user.state === "active" ? "success" : "warning"}>{words.states[user.state]}</Tag>;
}
