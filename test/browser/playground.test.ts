/** One file, because starting a browser takes longer than most of what it is started for. */
import './complaints.js';
import './answers.js';
import './stories.js';
import './why.js';
import './urls.js';
import './scriptless.js';
import './keyboard.js';
import './looks.js';
import './matrix.js';
import './frame.js';
import './screenshots.js';
