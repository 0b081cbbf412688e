// Every page behind the login: where it lies, what one must be allowed to see it, and its name in the menu.

import {
  ApartmentOutlined,
  ApiOutlined,
  BarChartOutlined,
  DashboardOutlined,
  FileSearchOutlined,
  HomeOutlined,
  IdcardOutlined,
  KeyOutlined,
  PlaySquareOutlined,
  SafetyOutlined,
  ShopOutlined,
  SmileOutlined,
  StopOutlined,
  TeamOutlined,
  UnorderedListOutlined,
  VideoCameraOutlined,
} from "@ant-design/icons";
import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode } from "react";
import type { Action } from "./session";
import type { menuWords } from "./words";

export interface Page {
  readonly path: string;
  readonly name: keyof (typeof menuWords)["vi"]["pages"];
  readonly action: Action;
  readonly icon: ReactNode;
  readonly component: LazyExoticComponent<ComponentType>;
  /** Fetch its code, which else is done when it is first shown. */
  readonly fetch: () => Promise<unknown>;
  /** Further paths under it that it shows itself, as `:visitId`. */
  readonly detail?: string;
  /** It only shows, and never asks or tells in a dialog. */
  readonly quiet?: true;
}

function later(fetch: () => Promise<{ default: ComponentType }>) {
  return { component: lazy(fetch), fetch };
}

export const PAGES: readonly Page[] = [
  {
    path: "/today",
    name: "today",
    action: "figures.see",
    icon: <HomeOutlined aria-hidden />,
    ...later(() => import("@/pages/today/TodayPage")),
    quiet: true,
  },
  {
    path: "/live",
    name: "live",
    action: "cameras.watch",
    icon: <PlaySquareOutlined aria-hidden />,
    ...later(() => import("@/pages/live/LivePage")),
  },
  {
    path: "/visits",
    name: "visits",
    action: "visits.see",
    icon: <UnorderedListOutlined aria-hidden />,
    ...later(() => import("@/pages/visits/VisitsPage")),
    detail: ":visitId?",
  },
  {
    path: "/customers",
    name: "customers",
    action: "customers.see",
    icon: <SmileOutlined aria-hidden />,
    ...later(() => import("@/pages/customers/CustomersPage")),
    detail: "*",
  },
  {
    path: "/staff",
    name: "staff",
    action: "staff.see",
    icon: <IdcardOutlined aria-hidden />,
    ...later(() => import("@/pages/staff/StaffPage")),
    detail: ":staffId?",
  },
  {
    path: "/cameras",
    name: "cameras",
    action: "cameras.see",
    icon: <VideoCameraOutlined aria-hidden />,
    ...later(() => import("@/pages/cameras/CamerasPage")),
    detail: ":cameraId?",
  },
  {
    path: "/reports",
    name: "reports",
    action: "reports.see",
    icon: <BarChartOutlined aria-hidden />,
    ...later(() => import("@/pages/reports/ReportsPage")),
  },
  {
    path: "/sites",
    name: "sites",
    action: "sites.see",
    icon: <ShopOutlined aria-hidden />,
    ...later(() => import("@/pages/sites/SitesPage")),
    detail: ":siteId?",
  },
  {
    path: "/users",
    name: "users",
    action: "users.see",
    icon: <TeamOutlined aria-hidden />,
    ...later(() => import("@/pages/users/UsersPage")),
    detail: ":userId?",
  },
  {
    path: "/keys",
    name: "keys",
    action: "keys.see",
    icon: <KeyOutlined aria-hidden />,
    ...later(() => import("@/pages/keys/KeysPage")),
  },
  {
    path: "/audit",
    name: "audit",
    action: "audit.see",
    icon: <FileSearchOutlined aria-hidden />,
    ...later(() => import("@/pages/audit/AuditPage")),
  },
  {
    path: "/webhooks",
    name: "webhooks",
    action: "webhooks.see",
    icon: <ApiOutlined aria-hidden />,
    ...later(() => import("@/pages/webhooks/WebhooksPage")),
    detail: ":webhookId?",
  },
  {
    path: "/objections",
    name: "objections",
    action: "customers.erase",
    icon: <StopOutlined aria-hidden />,
    ...later(() => import("@/pages/objections/ObjectionsPage")),
  },
  {
    path: "/privacy",
    name: "privacy",
    action: "tenant.change",
    icon: <SafetyOutlined aria-hidden />,
    ...later(() => import("@/pages/privacy/PrivacyPage")),
  },
  {
    path: "/tenants",
    name: "tenants",
    action: "tenants.see",
    icon: <ApartmentOutlined aria-hidden />,
    ...later(() => import("@/pages/tenants/TenantsPage")),
    detail: ":tenantId?",
  },
  {
    path: "/system",
    name: "system",
    action: "workers.see",
    icon: <DashboardOutlined aria-hidden />,
    ...later(() => import("@/pages/system/SystemPage")),
  },
];

/** The page of the menu at this path, if any. */
export function pageAt(path: string): Page | undefined {
  return PAGES.find((page) => path.startsWith(page.path));
}
