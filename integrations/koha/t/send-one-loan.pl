# Sends a check-out and its anonymised return to a running Commonplace, through the plugin's own sender: for its browser test.
# The token comes in COMMONPLACE_TOKEN, the address and the card number as arguments.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/..";
use Thing;
use WaitingRows;
use Koha::Plugin::Org::Commonplace::ReadingHistory::Loans;
use Koha::Plugin::Org::Commonplace::ReadingHistory::Sender;

my ( $address, $card ) = @ARGV;
my $biblio = Thing->new(
    biblionumber => 812,
    title        => "Los detectives salvajes /",
    subtitle     => undef,
    author       => "Bola\x{f1}o, Roberto,",
    biblioitem   => Thing->new( isbn => undef ),
    metadata     => Thing->new( record => Thing->new( field => sub { return } ) ),
);
$Koha::Items::shelf{7} = Thing->new( biblio => $biblio, effective_itemtype => 'BK', itemcallnumber => 'F BOL' );
$Koha::Patrons::enrolled{51} = Thing->new( cardnumber => $card );

my $queue = WaitingRows->new(
    { event => 'checkout', issue_id => 904_233, borrowernumber => 51, itemnumber => 7, day => '2026-11-02', due => '2026-11-23', queued => '2026-11-02' },
    { event => 'return', issue_id => 904_233, borrowernumber => undef, itemnumber => 7, day => '2026-11-20', due => undef, queued => '2026-11-20' },
);
my $report = Koha::Plugin::Org::Commonplace::ReadingHistory::Sender->new(
    {   address   => $address,
        token     => $ENV{COMMONPLACE_TOKEN},
        queue     => $queue,
        loans     => Koha::Plugin::Org::Commonplace::ReadingHistory::Loans->new( { patron_id => 'cardnumber' } ),
        keep_days => 14,
        today     => '2026-11-10',
    }
)->send_all;
print $report->{sentence};
