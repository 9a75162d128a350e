export const MISPLACED =
  "lakiconnect: this middleware was made for Express. For Koa, import { lakiconnect } from 'lakiconnect-middleware/koa'.";
