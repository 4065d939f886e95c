//! Words that stand in every text of a language and tell nothing of this one.

use std::{
    collections::{HashMap, HashSet},
    sync::{LazyLock, Mutex, PoisonError},
};

/// Those of a language, lower case; empty where we have none (there rarity alone decides).
pub fn words(code: &str) -> &'static HashSet<&'static str> {
    static SETS: LazyLock<Mutex<HashMap<&'static str, &'static HashSet<&'static str>>>> =
        LazyLock::new(Mutex::default);
    let list = list(code);
    // A set a language, made once and kept for as long as the program runs.
    let mut sets = SETS.lock().unwrap_or_else(PoisonError::into_inner);
    sets.entry(list).or_insert_with(|| Box::leak(Box::new(list.split(' ').collect())))
}

/// Lower case, between single spaces.
fn list(code: &str) -> &'static str {
    match code {
        "en" => EN,
        "de" => DE,
        "fr" => FR,
        "es" => ES,
        "it" => IT,
        "pt" => PT,
        "nl" => NL,
        "pl" => PL,
        "sv" | "da" | "no" | "nb" | "nn" => SCANDINAVIAN,
        "ru" => RU,
        "uk" => UK,
        "cs" | "sk" => CS,
        "ro" => RO,
        "tr" => TR,
        "hu" => HU,
        "fi" => FI,
        _ => "",
    }
}

const EN: &str = "a about above after again against ago ain all also am an and any are aren as at be because been before being below between both but by can cannot could couldn couldn't did didn do does doesn doing don down during each even ever every few for from further get got had hadn has hasn have haven having he her here hers herself him himself his how however i if in into is isn it its itself just know last less let like ll made make many may me might more most much must my myself new no nor not now of off on once one only or other our ours ourselves out over own per re said same say says see shall shan she should shouldn since so some still such than that the their theirs them themselves then there these they thing this those though through to told too two under until up upon us ve very was wasn way we well were weren what when where whether which while who whom whose why will with without won would wouldn yet you your yours yourself yourselves according including mr mrs ms dr percent year years day days week weeks time people first latest watch video live update updates read";
const DE: &str = "aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei beim bereits bin bis bist da damit dann das dass dein dem den denn der des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer für gegen gewesen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes jetzt kann kein keine keinem keinen keiner können könnte machen man mehr mein mit muss müssen nach nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner seit sich sie sind so soll sollen sollte sondern sonst sowie über um und uns unser unter viel vom von vor war waren warum was weg weil weiter welche welcher wenn werde werden wer wie wieder will wir wird wo worden wurde wurden während zu zum zur zwar zwischen sagte sagt laut jahr jahre jahren uhr";
const FR: &str = "à afin ai ainsi alors après au aucun aura aussi autre autres aux avait avant avec avoir bien c ça car ce cela celle celui ces cet cette ceux chaque chez comme comment contre d dans de depuis des deux dit doit donc dont du elle elles en encore entre est et était étaient été être eu eux fait faire font il ils j je jusqu l la le les leur leurs lors lui m ma mais même mes moins mon n ne ni non nos notre nous on ont ou où par parce pas pendant peu peut plus pour pourquoi près qu quand que quel quelle quelles quels qui quoi s sa sans se selon sera ses si son sont sous sur t ta tandis te tes toi ton tous tout toute toutes très tu un une vers vos votre vous y an ans année années jour jours";
const ES: &str = "a al algo alguna algunas alguno algunos ante antes aquel así aún aunque bajo bien cada casi como con contra cual cuales cuando de del desde después dice dijo donde dos durante e el él ella ellas ellos en entre era eran eres es esa esas ese eso esos esta está están estas este esto estos fue fueron ha había habían haber hace hacer hacia han hasta hay he la las le les lo los más me mi mientras mis mucho muy nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para pero poco por porque pues que qué quien quién se sea según ser si sí sido sin sobre solo sólo son su sus también tan tanto te tiene tienen toda todas todo todos tras tu tus un una uno unos usted y ya yo año años día días";
const IT: &str = "a ad agli ai al alla alle allo anche ancora avere aveva c che chi ci ciò come con contro cosa così cui da dagli dai dal dalla dalle dallo degli dei del dell della delle dello dentro di dopo dove due e è ed era erano essere fa fare fatto fino fra gli ha hai hanno ho i il in invece io l la le lei li lo loro lui ma me mentre mi mia mio molto ne nei nel nell nella nelle nello no noi non nostra nostro o ogni oggi oltre ora per perché però più poi prima qual quale quali quando quanto quei quel quella quelle quello questa queste questi questo qui se sempre senza si sia solo sono sono sopra sotto stata stati stato su sua sue sugli sui sul sulla sulle suo suoi tra tre tu tutta tutte tutti tutto un una uno vi via anno anni giorno giorni";
const PT: &str = "a à ao aos aquela aquele aqui as às até com como contra da das de dela dele delas deles depois desde dessa desse desta deste diz do dois dos duas durante e é ela elas ele eles em entre era eram essa essas esse esses esta está estão estas este estes eu foi foram há isso isto já lhe mais mas me mesmo meu minha muito na nas nem no nos nós nossa nosso num numa o os ou para pela pelas pelo pelos por porque quais qual quando que quem são se segundo seja sem ser será seu seus sob sobre sua suas também te tem têm toda todas todo todos tu um uma umas uns você ano anos dia dias";
const NL: &str = "aan af al alle als altijd ander andere bij daar dan dat de der deze die dit doch doen door dus een en er ge geen haar had hadden heb hebben heeft hem het hier hij hoe hun ik in is ja je jij kan kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat onder ons ook op over reeds te tegen toch toen tot twee u uit uw van veel voor waar want waren was wat we weer wel werd werden wie wij worden wordt wil zal ze zei zelf zich zij zijn zo zonder zou zouden jaar dag";
const PL: &str = "a aby ale albo ani az aż bardzo bez bo by był była było byli były być będzie będą chce ci co coś czy czyli dla do dwa gdy gdzie go i ich ile im inne innych iż ja jak jako je jego jej jest jeszcze jeśli już każdy kiedy kto która które którego której który których którym którzy lat lub ma mają mi może można my na nad nam nas nasz nawet nie nią nich nim niż no o od on ona one oni oraz po pod podczas ponad ponieważ potem przed przez przy r są się sobie swoje swoją swojego ta tak także takie tam te tego tej temu ten teraz to tu tych tylko tym tys u w we wam więc wiele wszystko wszystkie z za zaś ze został została zostały że roku rok lata dni dnia będzie mówi";
const SCANDINAVIAN: &str = "af alle alt andre annan att av bara bli ble blev blir blivit da de del dem den denna denne der deras deres det detta dette dig din disse du där då efter eller en end ett et etter fick for fra från få får før för göra går ha hade han hans har hon havde her hos hun hur hva hvad hvem hvis hvor hvordan här i icke ikke in ind ingen inte jag jeg ju kan kommer kun kunde kunne man med mellan mellom men mer mere min mot mod mycket må måste många nu når när någon nogle noen ned noget nå og också om op opp oss over på sa samma samme seg selv sig siden sin sina sine sitt ska skal skulle som så til till två under upp ut utan uten vad var ved vi vid vil vilka ville vill være vara vært varit være är åt över år dag";
const RU: &str = "а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже два для до его ее её если есть еще ещё же за здесь и из или им их к как какой когда кто ли лишь между меня мне может можно мы на над надо нас не него нее ней нет ни них но ну о об один он она они оно от очень перед по под после при про раз с сам свое своей своего свой свою себя сейчас со так также такой там тем то того тоже той только том тот тут ты у уже хотя чего чем через что чтобы эта эти этих это этого этой этом этот я года году лет";
const UK: &str = "а або але б без би був була були було бути в вам вас весь вже ви від він вона вони воно все всі де для до є же за з зі і із її їх й його к коли лише ми може на над нас не нею ні ніж о об один під по про при раз сам свій своє себе та так також там те ти то той тому у це цей ці цього цьому чи через що щоб як яка які який якщо я року років";
const CS: &str = "a aby ale ani asi až bez by byl byla byli bylo být co což či další do dva ho i jak jako je jeho její jejich jen ještě ji již jsem jsme jsou k kde kdo když která které kterou který ma má mají mezi mi může na nad nebo není než o od on ona oni pak po pod podle pokud pro proti protože před přes při s se si tak také takže tam tedy ten to toho tom tuto ty u už v ve více však všechny z za zde že sa som sú bol bola boli bolo pre pri ako aj alebo už len podľa ktorý ktorá ktoré roku let";
const RO: &str = "a acea aceasta această aceste acest acesta ai al ale am an ani ar are as asta astfel au avea azi ca că care când cât ce cea cei cel cele ci cine cu cum da dar de deci despre din doar după e ea ei el este eu fi fie fost iar în într între îi își l la le li lor lui mai mult n ne nici noi nostru nu o or ori pe pentru prin s sa sau să se si și sunt su te toate tot un una unde unei unor unui va vor voi zi";
const TR: &str = "acaba ama ancak artık aslında az bana bazı belki ben beni benim beri bile bir birçok biri biz bu buna bunu bunun çok çünkü da daha de değil diye dolayı en fakat gibi göre hem hep her hiç için ile ise işte kadar kendi ki kim mi mı mu mü nasıl ne neden nerede o olan olarak oldu olduğu olması on ona onlar onu onun sonra şey siz şu tarafından tüm üzere var ve veya ya yani yer yok yıl gün";
const HU: &str = "a abban ahhoz ahogy aki akik akkor alatt amely amelyek ami amikor annak arra az azok azon azért be belül csak de e egy egyes egyik el előtt első elő én és ez ezek ezt ha hanem hogy hogyan igen így illetve is ismét itt jól kell kellett ki kívül le lehet lenne lesz lett ma maga már más meg még mely mert mi mint minden mindig míg most nagy ne nem néha nincs ő ők olyan össze pedig rá s saját sem sok szerint szinte talán több tovább úgy után utána utolsó vagy vagyok van vannak volt volna év";
const FI: &str = "ei eivät emme en et että hän hänen he ja jo jos joka jonka jossa jotka jälkeen kanssa kaikki kuin kun kuten mikä minä mitä mukaan mutta myös ne niin niiden nyt oli olivat olla olleet ollut on ovat paljon se sekä sen siellä siihen siinä sitä tai tämä tämän te tulee vain vielä voi yli vuoden vuonna";
