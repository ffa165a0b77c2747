/** Phrases for what photos show in general: a measure of what any query reaches. */

/** Wide rather than deep; see [Note: calibrated relevance]. */
export const genericPhrases: readonly string[] = `
a person|a man|a woman|a child|a baby|a group of people|a crowd|a family|a portrait|a face
a smiling face|an angry face|hands|a wedding|a birthday party|people dancing|a concert
a football match|someone running|someone swimming|someone reading a book|a person at work
an old man|two friends|a dog|a cat|a horse|a cow|a bird|a fish|an insect|a butterfly|a bear|a lion
an elephant|a rabbit|a snake|a duck|a wild animal|a pet|a tree|a forest|a flower
a bouquet of flowers|grass|a leaf|a garden|a field|a mountain|a river|a lake|the sea|a beach
a waterfall|a desert|an island|the sky|clouds|a sunset|a sunrise|the moon|stars at night|rain|snow
ice|fire|a rainbow|lightning|a landscape|a cave|a house|a building|a city|a street|a road|a bridge
a tower|a castle|a church|a temple|a skyscraper|a shop|a market|a restaurant|a school|a hospital
a factory|a farm|a park|a room|a kitchen|a bedroom|a bathroom|an office|a window|a door|stairs
a wall|a statue|ruins|a car|a bus|a truck|a train|a bicycle|a motorcycle|a boat|a ship|an airplane
a helicopter|a rocket|a tractor|traffic|an airport|a station|a harbour|food|a plate of food|bread
a cake|fruit|vegetables|meat|a salad|soup|pizza|rice|an egg|cheese|chocolate|ice cream|a drink
coffee|tea|wine|beer|a bottle|a glass|a cup|breakfast|a table|a chair|a bed|a lamp|a clock|a book
a newspaper|a letter|a pen|scissors|a knife|a hammer|a tool|a key|a box|a bag|a basket|a phone
a computer|a keyboard|a screen|a television|a camera|a battery|a machine|a robot|a toy|a ball
a doll|a game|playing cards|a guitar|a piano|a drum|money|a map|a flag|a sign|text on a page
a screenshot|a diagram|a chart|a logo|a symbol|an arrow|a number|handwriting|clothes|a dress
a shirt|trousers|shoes|a hat|glasses|jewellery|a ring|a watch|an umbrella|a uniform|a painting
a drawing|a cartoon|a sculpture|a pattern|a texture|a black and white photo|a blurry photo
a dark photo|a close-up|a view from above|an abstract picture|a collage|fireworks|a gift|a candle
a balloon|a mask|a weapon|medicine|a scientist|a doctor|a soldier|a king|a monster|a ghost|a heart
red|blue|green|yellow|black|white`
  .trim()
  .split(/[|\n]/)
