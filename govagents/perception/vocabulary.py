"""General words of office and IT English, as data; no company, system or role is named here.

`MEANING` maps a stem to the one word its synonyms share; `SHORT` spells out abbreviations; `ABROAD`
translates the commonest words of French, Spanish and German requests; `ELSEWHERE` are things that
no access catalog governs unless it says so itself.
"""

from types import MappingProxyType

from govagents.perception.words import fold, stem

STOP = frozenset(
    fold(word)
    for word in """
    a about actually after again all already also am an and any anybody anyone are around as asap
    at away back be because been before being both but by can cannot could d did do does doing
    done down each either else enough etc even ever every few for from further get gets getting
    give given gives go goes going gone good got had has have having he hello help her here hers
    hey hi him his how i if in into is isn it its just keep kindly know let like ll look lot m
    make makes many may me might more morning most much must my myself need needed needs no nor
    not now of off ok okay on once one only or other our ours out over own per please pls plus
    possible put quick quickly quite rather re really regards request requesting right s said same
    say see set shall she should since so some somebody someone something soon sort still such
    sure t take takes than thank thanks that the their them then there these they thing things
    this those through time to together too under until up upon urgent urgently us use used using
    ve very via want wants was way we well were what when where whether which while who whom whose
    why will wish with within without would yes yet you your yours access permission permissions
    permit right rights grant granted enable allow allowed able ability account_for kind dear team
    folks best cheers greetings today tomorrow yesterday last week day days hour hours minute
    minutes month months year years two three four five six seven eight nine ten twelve first
    second next monday tuesday wednesday thursday friday saturday sunday noon midnight evening
    afternoon tonight january february march april june july august september october november
    december during asked ask asks necessary required require needing moment short long little big
    bit never always
    il me faut les que nous avons de le la des du pour avant fixer pendant une un nos notre mes et
    j ai besoin voudrais je peux puis merci bonjour jusqu au aux dans sur avec ce cette par en qui
    est sont hola buenos dias buenas necesito los las el del para por favor gracias que quiero
    puedo hasta durante una y mi mis nuestro nuestra su sus con esta este llegan avisar zu bis ich
    wir der die das den dem ein eine einen mit bitte danke hallo guten tag benotige brauche mochte
    kann konnen fur von und in im am auf uhr ist sind zugriff zugang acces acceso permiso recht
    rechte
    """.split()
)  # fmt: skip

_GROUPS = """
view: read view see look inspect check show display browse consult open_up watch follow examine
    review verify monitor visible visibility readonly glance understand viewer reader
list: list enumerate overview inventory
search: search find query look_up lookup
change: change edit modify amend update correct fix adjust write rewrite rework alter revise
    maintain editor configure reconfigure rearrange tweak swap rectify mend repair
create: create add new register make_new raise provision setup onboard
delete: delete remove erase drop wipe destroy
approve: approve sign_off signoff confirm accept decide release approval approver goahead
    authorise authorize okay
run: run start trigger launch execute kick invoke call
restart: restart reboot bounce recycle
disable: disable deactivate suspend pause halt
block: block freeze
send: send mail_out dispatch
export: export extract download dump pull extraction
upload: upload file_in attach land
assign: assign hand allocate route
tag: tag label labels mark classify
reset: reset clear
terminate: terminate kill
supplier: supplier vendor creditor
customer: customer client buyer shipper
employee: employee staff colleague personnel worker
vehicle: vehicle truck lorry tractor van
trailer: trailer
salary: salary wage remuneration
absence: absence leave holiday vacation pto sick
password: password passphrase
mfa: mfa 2fa authenticator twofactor
invoice: invoice bill billing_document
log: log logs
ticket: ticket case_number
device: device laptop phone notebook handset
server: instance server vm machine
refund: refund goodwill reimbursement
repository: repository repo
cluster: cluster kubernetes k8s
error: error failure fault
group: group
carrier: carrier haulier
lane: lane relation
price: price rate tariff pricing
cost: cost spend spending expense expenditure
risk: risk score
vpn: vpn remote
candidate: candidate applicant
contract: contract agreement
driver: driver chauffeur
telemetry: telemetry telematics gps
key: key
account: account
job: job batch
report: report
hour: timesheet worktime
joiner: joiner starter newcomer hire
leaver: leaver
site: site location depot hub
article: article
wireless: wireless wifi wlan
visitor: visitor guest
phonebook: contact
rule: rule
message: message msg
certificate: certificate cert
name: name
"""

_SHORT = """
k8s: kubernetes cluster | db: database | dbs: database | prod: production | prd: production
dev: development | msg: message | msgs: message | dlq: dead letter queue | gw: gateway
gws: gateway | acct: account | accts: account | pw: password | pwd: password
mfa: second factor mfa | 2fa: second factor mfa | vuln: vulnerability | vulns: vulnerability
repo: repository | repos: repository | pr: pull request | prs: pull request
mr: pull request merge | ci: build pipeline | cd: deployment pipeline | lb: load balancer
lbs: load balancer | cfg: configuration | config: configuration | cert: certificate
certs: certificate | fw: firewall | po: purchase order | pos: purchase order | ar: receivable
ap: payable | gl: general ledger | fx: exchange rate | vat: tax vat | pod: pod | pods: pod
perf: performance | env: environment | vm: virtual machine | vms: virtual machine
sla: response time target | kb: help article | hr: hr personnel | csat: satisfaction score
crm: crm customer | erp: erp | sql: sql query | pg: database postgres | psql: database postgres
docs: document | doc: document | info: information | stats: statistics | svc: service
cron: cron job | etl: load job | iam: identity access role policy | acl: access control
sso: single sign on | dns: dns name record | ooo: out of office absence | tix: ticket
approx: about | mgmt: management | mgr: manager | admin: administrator | admins: administrator
rbac: role binding | ns: namespace | cdn: cdn cache | siem: security log | edr: endpoint
ssh: shell | exec: shell | sysadmin: administrator | superuser: administrator | wifi: wireless
"""

_ABROAD = """
voir: view | ver: view | sehen: view | lire: view | leer: view | lesen: view | consulter: view
consultar: view | einsicht: view | einsehen: view | ansehen: view | anschauen: view
regarder: view | mirar: view | revisar: view | modifier: change | cambiar: change
modificar: change | andern: change | bearbeiten: change | corriger: change | corregir: change
korrigieren: change | creer: create | crear: create | anlegen: create | erstellen: create
ajouter: create | anadir: create | hinzufugen: create | supprimer: delete | borrar: delete
eliminar: delete | loschen: delete | approuver: approve | aprobar: approve | genehmigen: approve
freigeben: approve release | freigabe: approve release | redemarrer: restart | reiniciar: restart
neustarten: restart | neu: new | starten: run | lancer: run | ejecutar: run | lanzar: run
envoyer: send | envoyes: send sent | enviar: send | senden: send | verschicken: send
exporter: export | exportar: export | exportieren: export | telecharger: download
descargar: download | herunterladen: download | hochladen: upload | subir: upload
bloquear: block | sperren: block | bloquer: block | entsperren: unlock | desbloquear: unlock
debloquer: unlock | zurucksetzen: reset | restablecer: reset | reinitialiser: reset
deshabilitar: disable | deaktivieren: disable | desactiver: disable | devis: quote
cotizacion: quote | cotizaciones: quote | presupuesto: quote | angebot: quote | angebote: quote
facture: invoice | factures: invoice | factura: invoice | facturas: invoice | rechnung: invoice
rechnungen: invoice | gutschrift: credit note | gutschriften: credit note | avoir: credit note
avoirs: credit note | abono: credit note | abonos: credit note | client: customer
clients: customer | cliente: customer | clientes: customer | kunde: customer | kunden: customer
fournisseur: supplier | fournisseurs: supplier | proveedor: supplier | proveedores: supplier
lieferant: supplier | lieferanten: supplier | paiement: payment | paiements: payment
pago: payment | pagos: payment | zahlung: payment | zahlungen: payment | zahlungslauf: payment run
commande: order | commandes: order | pedido: order | pedidos: order | auftrag: order
auftrage: order | bestellung: purchase order | bestellungen: purchase order | envio: shipment
envios: shipment | sendung: shipment | sendungen: shipment | expedition: shipment
livraison: delivery | livraisons: delivery | entrega: delivery | entregas: delivery
lieferung: delivery | lieferungen: delivery | tarif: rate price | tarifs: rate price
tarifa: rate price | tarifas: rate price | preis: price rate | preise: price rate | prix: price
precio: price | precios: price | frachtrate: freight rate | frachtraten: freight rate
contrat: contract | contrats: contract | contrato: contract | contratos: contract
vertrag: contract | vertrage: contract | reserva: booking | reservas: booking
reservation: booking | reservations: booking | buchung: booking | buchungen: booking
muelle: dock | muelles: dock | quai: dock | quais: dock | rampe: dock | rampen: dock
camion: vehicle | camiones: vehicle | camions: vehicle | lkw: vehicle | fahrzeug: vehicle
fahrzeuge: vehicle | chauffeur: driver | chauffeurs: driver | conducteur: driver
conductor: driver | conductores: driver | fahrer: driver | tour: tour | touren: tour
tournee: tour | tournees: tour | ruta: tour route | rutas: tour route | lager: stock warehouse
bestand: stock | inventaire: stock | inventario: stock | heures: hours | horas: hours
arbeitszeit: working hours | arbeitszeiten: working hours | erfassten: recorded
erfasst: recorded | absence: absence | ausencias: absence | abwesenheit: absence
abwesenheiten: absence | conges: absence | vacaciones: absence | urlaub: absence | gehalt: salary
gehalter: salary | salaire: salary | salaires: salary | salario: salary | salarios: salary
nomina: payroll | nominas: payroll | paie: payroll | lohn: payroll | lohnabrechnung: payroll
employe: employee | employes: employee | empleado: employee | empleados: employee
mitarbeiter: employee | konto: account | konten: account | cuenta: account | cuentas: account
compte: account | comptes: account | passwort: password | contrasena: password
kennwort: password | gruppe: group | gruppen: group | grupo: group | groupe: group
protokoll: log | protokolle: log | registros: log | journaux: log | bericht: report
berichte: report | informe: report | informes: report | rapport: report | rapports: report
reglas: rule | regle: rule | regles: rule | regel: rule | regeln: rule | schaden: damage claim
reclamacion: claim | reclamaciones: claim | reclamation: claim | reclamations: claim
beschwerde: claim | zoll: customs | aduana: customs | aduanas: customs | douane: customs
zollerklarung: customs declaration | declaracion: declaration | declaration: declaration
marge: margin | marges: margin | margen: margin | margenes: margin | umsatz: revenue
ingresos: revenue | fristen: deadline | equipo: device | portatil: device | ordinateur: device
gerat: device | licencia: licence | licence: licence | lizenz: licence
fuhrerschein: driver licence | tankkarte: fuel card | tankkarten: fuel card | tarjeta: card
carte: card | kraftstoff: fuel | carburant: fuel | combustible: fuel | taller: workshop
atelier: workshop | werkstatt: workshop | steuer: tax | impuestos: tax | impots: tax
mahnung: payment reminder | mahnungen: payment reminder | solicitudes: application
bewerbung: application | bewerbungen: application | candidature: application
candidatures: application | anruf: call | anrufe: call | llamadas: call | appels: call
deploiement: deployment | despliegue: deployment | bereitstellung: deployment | servidor: server
serveur: server | lieferschein: proof delivery | lieferscheine: proof delivery
albaran: proof delivery | albaranes: proof delivery | firma: signature | unterschrift: signature
signatures: signature | posicion: position | posiciones: position | standort: position
signature: signature
"""


_ELSEWHERE = """
linkedin facebook instagram twitter tiktok youtube figma canva photoshop illustrator adobe autocad
miro spotify netflix whatsapp telegram zoom webex slack discord sharepoint onedrive dropbox outlook
powerpoint onenote trello asana notion confluence jira servicenow salesforce hubspot zendesk sap
workday snowflake databricks tableau powerbi grafana datadog pagerduty splunk okta gitlab bitbucket
azure gcp chatgpt dashlane lastpass wordpress shopify ebay badge door keycard parking garage locker
chair keyboard mouse headset printer toner scanner projector whiteboard fridge coffee canteen lunch
boardroom forklift crane elevator aircon thermostat cctv taxi flight hotel visa passport gym pension
"""


def _groups(block: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for word in block.split():
        if word.endswith(":"):
            name = word[:-1]
        else:
            found.setdefault(stem(fold(word)), name)
    return found


def _pairs(block: str) -> dict[str, tuple[str, ...]]:
    entries = (entry.split(":") for line in block.strip().splitlines() for entry in line.split("|"))
    return {fold(word.strip()): tuple(instead.split()) for word, instead in entries}


MEANING = MappingProxyType(_groups(_GROUPS))
SHORT = MappingProxyType(_pairs(_SHORT))
ABROAD = MappingProxyType(_pairs(_ABROAD))
ELSEWHERE = frozenset(stem(fold(word)) for word in _ELSEWHERE.split())
READS = frozenset({"view", "list", "search", "export"})
CHANGES = frozenset(
    """
    change create delete approve run restart disable block send upload assign tag reset terminate
    """.split()
)
