import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const gateway = process.env["REGULARS_GATEWAY_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  server: { host: "127.0.0.1", proxy: { "/v1": { target: gateway, ws: true } } },
  build: { target: "es2022", chunkSizeWarningLimit: 900, manifest: true },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
