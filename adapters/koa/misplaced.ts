export const MISPLACED =
  "lakiconnect: this middleware was made for Koa. For Express, import { lakiconnect } from 'lakiconnect-middleware/express'.";
