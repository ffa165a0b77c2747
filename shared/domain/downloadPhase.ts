/** The phase of a job's progress that counts bytes. By itself, since the window loads it too. */
export const downloadPhase = 'downloading'
