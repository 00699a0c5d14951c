namespace ChatQuota.Simulation;

/// <summary>What the simulated model knows.</summary>
internal static class SupportAnswers
{
    private static readonly (string Word, string Answer)[] s_byTopic =
    [
        ("return", "You can send goods back within 30 days. Open the order in your account, choose 'Return', and print the label; the refund follows two days after the parcel arrives."),
        ("refund", "Refunds go back to the card you paid with, within two working days after the returned parcel has reached us."),
        ("password", "Choose 'Forgot password' on the sign-in page. We send you a link that is valid for one hour."),
        ("invoice", "All invoices are in your account under 'Orders', as a PDF beside each order."),
        ("address", "You can change the address in your account until the parcel has left our warehouse. After that, the carrier's link in our e-mail lets you redirect it."),
        ("deliver", "Parcels take two to four working days. The link in the e-mail we sent when it left shows where yours is."),
        ("cancel", "An order can be cancelled in your account until we have packed it. If the button is gone, please refuse the parcel or send it back."),
        ("order", "Your order is being prepared. You will get an e-mail with a link to follow the parcel as soon as it leaves our warehouse."),
    ];

    private static readonly string[] s_general =
    [
        "Happy to help. Could you tell me your order number, so that I can look at the details?",
        "Thank you for your question. The help pages in your account cover it step by step; a colleague can also call you back today.",
        "I have looked into it: everything is in order on our side. If it still does not work, signing out and in again usually helps.",
    ];

    public static string For(string question, Dice.Roll roll)
    {
        foreach ((string word, string answer) in s_byTopic)
        {
            if (question.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return answer;
            }
        }

        return s_general[roll.Index(purpose: 3, s_general.Length)];
    }
}
