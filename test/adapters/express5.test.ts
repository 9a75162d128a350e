import express from 'express';
import { contract } from './contract.js';
import { expressHarness } from './express.js';

contract(expressHarness(5, express));
