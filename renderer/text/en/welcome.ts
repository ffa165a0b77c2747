export const welcome = {
  title: 'Find your photos by what they mean',
  about:
    'Type what you remember, such as “a blue door in the snow”, and Semblance finds the photos that show it. It can learn what you call things, from your own folders.',
  choose: 'Choose folders',
  sample: 'Try the sample collection',
  promise:
    'Everything stays on this machine. Your photos are never changed, and never sent anywhere.',
}
