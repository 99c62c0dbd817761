//! Words everybody knows.

/// Common English words, so that a word outside a shop's own vocabulary is not taken for a typing mistake. Written by
/// hand; other forms of a word (plural, -ing, -ed, -ly) need no entry of their own. Blanks between words.
pub const COMMON_WORDS: &str = "
a able about above absolutely accept accident according account ache across act action active actually add address
admit adult advance advice afford afraid after afternoon again against age agency agent ago agree air airline airport
alarm album alive all allergy allow almost alone along already also although always amazing ambulance among amount
ancient and anger angry animal ankle anniversary annoy another answer ant any anybody anyone anything anyway anywhere
apart apartment apologise apologize app apparently appear apple application apply appointment april are area argue arm
army around arrange arrive art article artist ask asleep assist at attach attack attempt attend attention attract
audio august aunt author autumn available average avoid awake award aware away awful awkward baby back bad badly bag
bake balance ball banana band bank bar bark base basic basically basket bath bathroom battery beach bean bear beard
beat beautiful because become bed bedroom bee beef been beer before begin behave behind believe bell belong below belt
bench bend beneath benefit beside best bet better between beyond bicycle big bike bill bird birth birthday biscuit bit
bite bitter black blade blame blank blanket bleed bless blind block blog blood blow blue board boat body boil bold
bone book boot border bore born borrow boss both bother bottle bottom bought bowl box boy boyfriend brain branch brand
brave bread break breakfast breath breathe brick bridge brief bright brilliant bring broad broke broken brother
brought brown brush bucket budget bug build building bulb bunch burn bus bush business busy but butter button buy
cabin cable cake calculate calendar calf call calm came camera camp can cancel cancer candle candy cannot cap capital
captain car card care career careful carpet carrot carry cart case cash cat catch caught cause ceiling celebrate cell
center central centre century cereal certain chain chair challenge champion chance change channel chapter character
charge charity chart chase chat cheap cheat check cheek cheer cheese chef chest chicken chief child children chin chip
chocolate choice choose chose christmas church cinema circle citizen city claim class classic clay clean clear clerk
clever click client climate climb clock close closet cloth clothes cloud club clue coach coal coast coat code coffee
coin cold collar colleague collect college color colour column comb combine come comedy comfort comfortable comic
comment common company compare compete complain complete computer concern concert condition confident confirm confuse
congratulations connect consider constant contact contain content contest continue contract control conversation
convert cook cookie cool copper copy core corn corner correct cost cotton cough could count country couple courage
course court cousin cover cow crack craft crash crazy cream create credit crime crisis crisp critic crop cross crowd
crown cruel cry cup cupboard curious currency current curtain curve custom customer cut cute cycle dad daily dairy
damage damp dance danger dare dark data date daughter day dead deaf deal dear death debate debit debt december decide
deck declare decorate deep deer defeat defend define definitely degree delay delete delicious deliver demand dentist
deny department depend deposit describe desert deserve design desk despite dessert destroy detail develop device
diamond diary did die diet different difficult dig digital dinner direct dirty disagree disappear disappoint discount
discover discuss disease dish display distance divide dizzy doctor document dog doll dollar done door double doubt
down dozen drag drama draw dream dress drink drive driver drop drown drug drum dry duck due dull during dust duty each
eager ear early earn earth ease east easter easy eat edge educate effect effort egg eight either elbow elder election
electric elephant eleven else email embarrass emergency emotion employ empty encourage end enemy energy engine enjoy
enormous enough enter entire entrance envelope equal error escape especially estimate even evening event ever every
everybody everyone everything everywhere evidence evil exact exam example excellent except exchange excite excuse
exercise exist exit expect expensive experience expert expire explain explore express extra eye fabric face fact
factory fail faint fair fairy faith fake fall false familiar family famous fan fancy fantastic far farm fashion fast
fat father fault favor favorite favour favourite fear feature february fee feed feel feet fell felt female fence
festival fetch fever few field fifteen fifth fifty fight figure file fill film final find fine finger finish fire
first fish fit five fix flag flame flash flat flavor flavour flesh flight float flood floor flour flow flower fly
focus fold folk follow food fool foot football for force foreign forest forever forget forgive forgot fork form formal
former forth fortune forty forward found four fourth fox frame free freeze french frequent fresh friday fridge friend
friendly fright frog from front frozen fruit fry fuel full fun fund funny furniture further future gain game gap
garage garbage garden garlic gas gate gather gave gear general generous gentle german get ghost giant gift girl
girlfriend give glad glance glass glove glue goal goat god goes gold golf gone good goodbye got govern grade grain
gram grand grandfather grandma grandmother grandpa grant grape graph grass grateful grave gray great green greet grew
grey grill grocery ground group grow guard guess guest guide guilty guitar gun guy gym habit had hair half hall ham
hammer hand handle hang happen happy harbor hard hardly harm has hat hate have head heal health hear heard heart heat
heaven heavy heel height held hell hello help hen hence her here hero hers herself hesitate hide high hill him himself
hint hip hire his history hit hobby hold hole holiday hollow holy home honest honey honor hook hope horn horror horse
hospital host hot hotel hour house how however hug huge human humor hundred hungry hunt hurry hurt husband ice icon
idea ideal identity if ignore ill image imagine immediately import important impossible impress improve inch include
income increase indeed indoor industry infect inform information injure ink inner innocent insect inside insist
inspect install instant instead instrument insult insurance intelligent intend interest internal international
internet interrupt into introduce invent invest invite invoice iron island issue item jacket jail jam january jar jaw
jealous jeans jewel job join joke journey joy judge juice july jump june junior just keep kept kettle key keyboard
kick kid kidney kill kilo kind king kiss kit kitchen kitten knee knew knife knock know known label lack ladder lady
lake lamb lamp land lane language laptop large laser last late later laugh laundry law lawyer lay lazy lead leaf
league lean learn least leather leave lecture led left leg legal lemon lend length less lesson let letter level
library license lie life lift light like likely limit line link lion lip liquid list listen literally little live
liver load loan local locate lock log lonely long look loose lose loss lost lot loud love lovely low loyal luck lucky
lunch lung lyric machine mad made magazine magic mail main major make male man manage manual many map march mark
market marriage marry mask mass master match material matter may maybe me meal mean measure meat media medical
medicine meet member memory men mention menu mess message met metal meter method middle midnight might mild mile milk
million mind mine mineral minor minute mirror miss mistake mix mobile model modern moment monday money monitor monkey
month mood moon more morning most mother motor mountain mouse mouth move movie much mud mug multiply mum murder muscle
museum mushroom music must my myself mystery nail naked name narrow nasty nation native natural nature naughty near
nearly neat necessary neck need needle negative neighbor neighbour neither nephew nerve nervous nest net network
neutral never new news next nice niece night nine nobody noise none noon nor normal north nose not note nothing notice
novel november now nowhere number nurse nut obey object obvious occasion ocean october odd off offer office officer
often oil okay old olive omit on once one onion online only onto open opera operate opinion opportunity opposite
option or orange order ordinary organ original other ought our out outdoor outfit outside oven over overcharge owe own
owner pack package page paid pain paint pair palace pale pan pants paper paragraph parcel pardon parent park part
particular partner party pass passenger passport password past paste path patient pattern pause pay payment pea peace
peach peak pear pen pencil people pepper perfect perform perfume perhaps period permanent permit person pet petrol
phone photo phrase piano pick picnic picture pie piece pig pillow pilot pin pink pipe pizza place plain plan plane
planet plant plastic plate platform play please pleasure plenty plot plug plus pocket poem poet point poison police
policy polish polite politics pool poor pop popular population pork port position positive possible post pot potato
pound pour powder power practice practise praise pray predict prefer pregnant prepare present president press pretend
pretty prevent previous price pride priest prince princess print prison private prize probably problem process produce
product profession profit program progress project promise promote proof proper protect proud prove provide public
pull pump punish pupil puppy purchase pure purple purpose purse push put puzzle quality quantity quarter queen
question queue quick quickly quiet quit quite quiz quote rabbit race radio rail rain raise ran random range rank rapid
rare rat rate rather raw reach react read ready real realise reality realize really reason receipt receive recent
recipe recognise recognize recommend record recover rectangle red reduce refer reference reflect refrigerator refund
refuse regard region register regret regular reject relate relation relax release relevant rely remain remember remind
remote remove rent repair repeat replace reply report request require rescue reservation reserve resist respect
respond responsible rest restaurant result retire return reveal review revolve reward rhythm rice rich rid ride right
ring ripe rise risk river road roast rob robot rock role roll roof room root rope rose rough round route row royal rub
rubber rubbish rude rug ruin rule run rush sad safe said sail salad salary sale salt same sample sand sandwich sang
sat satisfy saturday sauce sausage save saw say scale scare scarf scene schedule school science scissors scold score
scratch scream screen screw sea search season seat second secret section secure see seed seem seen select self sell
send senior sense sensible sent sentence separate september series serious serve service set settle seven several sew
sex shade shadow shake shall shallow shame shape share sharp shave she sheep sheet shelf shell shelter shift shine
ship shirt shock shoe shoot shop shore short should shoulder shout show shower shut shy sick side sight sign signal
silence silent silk silly silver similar simple since sing single sink sir sister sit site situation six size skill
skin skirt sky sleep sleeve slice slide slight slip slow small smart smell smile smoke smooth snack snake snow soap
social society sock soft software soil sold soldier solid solution solve some somebody someone something sometimes
somewhere son song soon sore sorry sort soul sound soup sour south space spare speak special speech speed spell spend
spent spice spicy spider spirit spoil spoke spoon sport spot spread spring square stable staff stage stair stamp stand
standard star stare start state station statue status stay steady steak steal steam steel steep stem step stick stiff
still stock stole stomach stone stood stop store storm story stove straight strange stranger strawberry stream street
strength stress stretch strict string strip strong structure student study stuff stupid style subject subscribe
substance success such sudden suffer sugar suggest suit suitable summer sun sunday sunny super supper supply support
suppose surface surgeon surname surprise surround survey survive suspect swallow swear sweat sweater sweep sweet swell
swim swing switch sword symbol sympathy system table tail take talent talk tall tank tap tape target task taste taught
tax taxi tea teach teacher team tear technical teeth telephone television tell temper temperature temple temporary ten
tend tennis tent term terrible test text than thank that the theater theatre their them themselves then theory there
therefore these they thick thief thin thing think third thirsty thirteen thirty this those though thought thousand
thread threat three threw throat through throw thumb thunder thursday thus ticket tidy tie tiger tight till timber
time timer tin tiny tip tire tissue title to toast today toe together toilet told tomato tomorrow ton tone tongue
tonight too took tool tooth top topic total touch tough tour toward towel tower town toy track trade tradition traffic
train transfer translate transport trap travel tray treasure treat tree triangle trick trip trouble trousers truck
true truly trunk trust truth try tube tuesday tune tunnel turn twelve twenty twice twin two type tyre ugly umbrella
uncle under understand uniform union unique unit united universe university unless until unusual up update upload upon
upper upset upstairs urgent use useful useless user usual vacation valley value van variety vase vast vegetable
vehicle version very victim victory video view village vine violence violin virus visa visit vitamin voice volume vote
voyage wage waist wait waiter wake walk wall wallet wander want war warm warn was wash waste watch water wave wax way
we weak wealth weapon wear weather web website wedding wednesday week weekend weigh weight weird welcome well went
were west wet what whatever wheat wheel when whenever where wherever whether which while whip whisper whistle white
who whole whom whose why wide widow width wife wild will win wind window wine wing winner winter wipe wire wise wish
with within without witness woke wolf woman women wonder wonderful wood wooden wool word wore work worker world worm
worry worse worst worth would wound wrap wrist write writer written wrong wrote yard yawn year yellow yes yesterday
yet yoga young your yours yourself youth zebra zero zip zone zoo
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_folded_sorted_and_without_repeats() {
        let words: Vec<&str> = COMMON_WORDS.split_ascii_whitespace().collect();
        assert!(words.len() > 600);
        for pair in words.windows(2) {
            assert!(pair[0] < pair[1], "{} {}", pair[0], pair[1]);
        }
        assert!(
            COMMON_WORDS
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_whitespace())
        );
    }
}
