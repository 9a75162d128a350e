import express from 'express';
import Koa from 'koa';
import { expressHarness } from '../adapters/express.js';
import { koaHarness } from '../adapters/koa.js';

export const FRAMEWORKS = [expressHarness(5, express), koaHarness(3, Koa)];
